import type { FastifyInstance } from 'fastify';
import { consentRoutes } from './server/index.ts';
import type { HttpContext, HttpServerOptions, UnknownRoutes } from './server/index.ts';
import { metricsRoutes } from './metrics/index.ts';
import type { Metrics } from './metrics/index.ts';
import { openApiRoutes } from './openapi/index.ts';
import { oipRoutes } from './oip/index.ts';
import type { StatisticsBook } from './oip/index.ts';
import { plainRoutes } from './predict/index.ts';
import { tfsRoutes } from './tfserving/index.ts';

type ProtocolParts = {
  readonly context: HttpContext;
  readonly metrics: Metrics;
  readonly statistics: StatisticsBook;
  readonly consent: HttpServerOptions['consent'];
  readonly needsToken: boolean;
  readonly isThere: UnknownRoutes['isThere'];
};

/** Every protocol that is spoken over HTTP. */
export function speakProtocols(app: FastifyInstance, parts: ProtocolParts): void {
  const { context, metrics, statistics, consent } = parts;
  openApiRoutes(app, context, parts);
  plainRoutes(app, context);
  oipRoutes(app, context, statistics);
  tfsRoutes(app, context);
  metricsRoutes(app, context, metrics);
  if (consent) consentRoutes(app, context, consent);
}
