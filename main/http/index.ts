export { openHttpServer } from './server.ts';
export { openFronts } from './front/open.ts';
export type { FrontServer, FrontsOptions } from './front/open.ts';
export type * from './door.ts';
