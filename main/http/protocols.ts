import type { FastifyInstance } from 'fastify';
import { consentRoutes } from './consent/index.ts';
import type { HttpContext } from './context.ts';
import type { HttpServerOptions } from './door.ts';
import { metricsRoutes } from './metrics/index.ts';
import type { Metrics } from './metrics/index.ts';
import { plainRoutes } from './plain/index.ts';
import { tfsRoutes } from './tfs/index.ts';

export type ProtocolParts = {
  readonly context: HttpContext;
  readonly metrics: Metrics;
  readonly consent: HttpServerOptions['consent'];
};

/** Every protocol that is spoken over HTTP. */
export function speakProtocols(app: FastifyInstance, { context, metrics, consent }: ProtocolParts): void {
  plainRoutes(app, context);
  tfsRoutes(app, context);
  metricsRoutes(app, context, metrics);
  if (consent) consentRoutes(app, context, consent);
}
