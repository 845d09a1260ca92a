import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { HttpContext } from '../server/index.ts';
import { settingsOf } from './settings.ts';
import type { Environment } from './settings.ts';
import type { RequestSpan, Tracing } from './tracing.ts';

export type { Attributes, RequestSpan, Tracing } from './tracing.ts';

/**
 * OpenTelemetry traces over OTLP as JSON, by the standard variables alone: OTEL_EXPORTER_OTLP_[TRACES_]ENDPOINT and
 * _HEADERS, OTEL_TRACES_EXPORTER, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_SDK_DISABLED. Null, and nothing of
 * the SDK is loaded, where they ask for none.
 */
export async function openTracing(options: {
  readonly env: Environment;
  readonly appVersion: string;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
}): Promise<Tracing | null> {
  const settings = settingsOf(options.env, options.log);
  if (settings === null) return null;
  const { startTracing } = await import('./sdk.ts');
  return startTracing({ ...settings, appVersion: options.appVersion, log: options.log });
}

/**
 * One server span for each request of this app. Comes before the routes, which take the context that it gives back: what
 * they ask there stands below their requests.
 */
export function traceRoutes(app: FastifyInstance, context: HttpContext, tracing: Tracing): HttpContext {
  const spans = new WeakMap<FastifyRequest, RequestSpan>();
  app.addHook('onRequest', (request, reply, done) => {
    const route = request.routeOptions.url;
    const span = tracing.begin({
      name: route === undefined ? request.method : `${request.method} ${route}`,
      traceparent: headerOf(request, 'traceparent'),
      tracestate: headerOf(request, 'tracestate'),
      attributes: {
        'http.request.method': request.method,
        'url.path': request.url.split('?', 1)[0] ?? '',
        ...(route !== undefined && { 'http.route': route }),
      },
    });
    spans.set(request, span);
    // Comes also where the client went away before the answer.
    reply.raw.once('close', () => {
      const { statusCode, writableFinished } = reply.raw;
      const status = writableFinished ? statusCode : 499;
      span.end({ 'http.response.status_code': status }, status >= 500);
    });
    done();
  });
  // Not in onRequest: reading the body leaves that context.
  app.addHook('preHandler', (request, _, done) => {
    const span = spans.get(request);
    if (span) span.within(done);
    else done();
  });
  return { ...context, serving: tracing.follow(context.serving) };
}

function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}
