export { openHttpServer } from './open-http-server.ts';
export { openFronts } from './front/open.ts';
export type { FrontServer, FrontsOptions } from './front/open.ts';
export type {
  AccessEntry,
  Bind,
  Caller,
  ConsentPort,
  HttpLimits,
  HttpServer,
  HttpServerOptions,
  OpenHttpServer,
  TokenBook,
} from './server/index.ts';
export { tableTensors } from './predict/index.ts';
