export { openHttpServer } from './open-http-server.ts';
export { serveConnections } from './serve-connections.ts';
export type { ConnectionServer } from './serve-connections.ts';
export type { CountsElsewhere } from './http-app.ts';
export { openProbes } from './probes.ts';
export type { Probes } from './probes.ts';
export { openMetrics } from './metrics/index.ts';
export type { Metrics } from './metrics/index.ts';
export { openStatistics } from './oip/index.ts';
export type { StatisticsBook } from './oip/index.ts';
export {
  acceptAt,
  defaultHttpLimits,
  defaultRequestMemory,
  endWith,
  freeDescriptorOf,
  lastAnswer,
  mayAskOf,
} from './server/index.ts';
export type { Accepting } from './server/index.ts';
export type {
  AccessEntry,
  Bind,
  Caller,
  ConsentPort,
  HttpLimits,
  HttpServer,
  HttpServerOptions,
  OpenHttpServer,
  Places,
  TokenBook,
} from './server/index.ts';
export { tableTensors } from './predict/index.ts';
