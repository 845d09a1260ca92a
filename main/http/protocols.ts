import type { FastifyInstance } from 'fastify';
import { consentRoutes } from './server/index.ts';
import type { Direct, HttpContext, HttpServerOptions, UnknownRoutes } from './server/index.ts';
import { metricsRoutes } from './metrics/index.ts';
import type { Metrics } from './metrics/index.ts';
import { openApiRoutes } from './openapi/index.ts';
import { directInfer, oipRoutes } from './oip/index.ts';
import type { StatisticsBook } from './oip/index.ts';
import { plainRoutes } from './predict/index.ts';
import { directPredict, tfsRoutes } from './tfserving/index.ts';

type ProtocolParts = {
  readonly context: HttpContext;
  readonly metrics: Metrics;
  readonly statistics: StatisticsBook;
  readonly consent: HttpServerOptions['consent'];
  readonly needsToken: boolean;
  readonly isThere: UnknownRoutes['isThere'];
  readonly direct: Direct;
};

/** Every protocol that is spoken over HTTP. */
export function speakProtocols(app: FastifyInstance, parts: ProtocolParts): void {
  const { context, metrics, statistics, consent, direct } = parts;
  openApiRoutes(app, context, parts);
  plainRoutes(app, context);
  oipRoutes(app, context, statistics);
  tfsRoutes(app, context);
  direct.add(directInfer(context));
  direct.add(directPredict(context));
  metricsRoutes(app, context, metrics);
  if (consent) consentRoutes(app, context, consent);
}
