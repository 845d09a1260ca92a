export { openHttpServer } from './server.ts';
export { openFronts } from './front/open.ts';
export type { FrontServer, FrontsOptions } from './front/open.ts';
export type * from './door.ts';
export { tableTensors } from './plain/csv/matrix.ts';
