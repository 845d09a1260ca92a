export { openHttpServer } from './server.ts';
export type * from './door.ts';
