export { openHttpServer } from './open-http-server.ts';
export { openFronts } from './front/open.ts';
export type { FrontServer, FrontsOptions } from './front/open.ts';
export type * from './server/types.ts';
export { tableTensors } from './predict/csv/matrix.ts';
