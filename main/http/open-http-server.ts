import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import { inheritedEnv } from '../lib/paths.ts';
import {
  ByteBudget,
  admitRequests,
  answerBadUrl,
  answerErrors,
  answerRaw,
  answerUnknown,
  createDrain,
  defaultHttpLimits,
  defaultRequestMemory,
  holdAnswers,
  holdInvitations,
  installGate,
  listenAt,
  mayAskOf,
  openTextThreads,
  takeBodies,
  watchAccess,
} from './server/index.ts';
import type {
  HttpContext,
  HttpLimits,
  HttpServer,
  HttpServerOptions,
  OpenHttpServer,
} from './server/index.ts';
import type { GrpcServer } from './oip-grpc/index.ts';
import { openMetrics } from './metrics/index.ts';
import type { Metrics } from './metrics/index.ts';
import { openStatistics } from './oip/index.ts';
import type { StatisticsBook } from './oip/index.ts';
import { speakProtocols } from './protocols.ts';
import { openTracing, traceRoutes } from './trace/index.ts';
import type { Tracing } from './trace/index.ts';

/** Listens, and speaks every protocol. Faults: `address-in-use`, `address-unusable`, `bind-file-taken`, `bind-needs-token` (gRPC). */
export const openHttpServer: OpenHttpServer = (options) => openServer(options);

/** `counting`: where another process keeps the counts; it is not closed here. */
export async function openServer(
  options: HttpServerOptions,
  counting?: Metrics,
): Promise<Outcome<HttpServer>> {
  const limits = { ...defaultHttpLimits, ...options.limits };
  const tracing = await openTracing({ ...options, env: inheritedEnv({}) });
  const { maxBodyBytes, requestMemoryBytes } = limits;
  const budget = new ByteBudget(requestMemoryBytes ?? defaultRequestMemory(maxBodyBytes));
  const threads = openTextThreads(budget, { timeoutMs: limits.timeoutMs });
  const context: HttpContext = {
    serving: options.serving,
    budget,
    threads,
    limits,
    appVersion: options.appVersion,
    mayAsk: mayAskOf(options.serving),
  };
  const app = bareApp(limits);
  const metrics = counting ?? openMetrics(context);
  const statistics = openStatistics(options.serving);
  admitRequests(app.server, budget);
  const drain = createDrain(app);
  const countAccess = (entry: Parameters<NonNullable<HttpServerOptions['onAccess']>>[0]): void => {
    metrics.countHttp(entry);
    options.onAccess?.(entry);
  };
  holdInvitations(app.server);
  watchAccess(app, countAccess);
  installGate(app, { ...options, maxBodyBytes });
  takeBodies(app, maxBodyBytes);
  holdAnswers(app, limits.receiveTimeoutMs);
  const { answer: unknown, isThere } = answerUnknown(app);
  const { consent, tokens, log } = options;
  answerErrors(app, { log, unknown });
  const traced = tracing ? traceRoutes(app, context, tracing) : context;
  speakProtocols(app, {
    context: traced,
    metrics,
    statistics,
    consent,
    needsToken: tokens !== null,
    isThere,
  });
  const listening = await listenAt(app, options.bind, counting !== undefined);
  const stop = async (graceMs: number): Promise<void> => {
    if (listening.ok) await listening.value.release();
    if (app.server.listening) await drain.end(graceMs, listening.ok ? listening.value.beside : undefined);
    await app.close();
    await threads.close();
    statistics.close();
    if (!counting) metrics.close();
    await tracing?.close();
  };
  const grpc = listening.ok
    ? await openGrpc({ ...options, onAccess: countAccess }, { ...context, statistics }, tracing)
    : ok(null);
  if (!listening.ok || !grpc.ok) {
    await stop(0);
    return listening.ok ? (grpc as Outcome<never>) : listening;
  }
  return ok(serverOf(listening.value.address, grpc.value, stop));
}

/** Time to finish, where the caller names none. */
const usualGraceMs = 5_000;

function serverOf(
  address: string,
  grpc: GrpcServer | null,
  stop: (graceMs: number) => Promise<void>,
): HttpServer {
  let closing: Promise<void> | null = null;
  const close = async (graceMs: number): Promise<void> => {
    await Promise.all([stop(graceMs), grpc?.close({ graceMs })]);
  };
  return {
    address,
    grpcAddress: grpc?.address ?? null,
    close: ({ graceMs = usualGraceMs } = {}) => (closing ??= close(graceMs)),
  };
}

async function openGrpc(
  options: HttpServerOptions,
  context: HttpContext & { readonly statistics: StatisticsBook },
  tracing: Tracing | null,
): Promise<Outcome<GrpcServer | null>> {
  if (options.grpcBind === null) return ok(null);
  // Loaded only when it is wanted: it takes a tenth of a second and 15 MB.
  const { openGrpcServer } = await import('./oip-grpc/index.ts');
  return openGrpcServer({ ...options, ...context, bind: options.grpcBind, tracing });
}

function bareApp(limits: HttpLimits): FastifyInstance {
  const { maxBodyBytes, maxHeaderBytes, keepAliveMs, receiveTimeoutMs, timeoutMs } = limits;
  return fastify({
    logger: false,
    bodyLimit: maxBodyBytes,
    keepAliveTimeout: keepAliveMs,
    requestTimeout: receiveTimeoutMs,
    // A client that takes its answer this slowly, or not at all, is gone.
    connectionTimeout: timeoutMs + receiveTimeoutMs,
    forceCloseConnections: false,
    return503OnClosing: false,
    http: {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: receiveTimeoutMs,
      connectionsCheckingInterval: Math.min(1_000, Math.max(50, receiveTimeoutMs / 4)),
    },
    routerOptions: { maxParamLength: 300 },
    rewriteUrl: ({ url = '/' }) => pathOf(url),
    frameworkErrors: answerBadUrl,
    clientErrorHandler: (error, socket) => answerRaw(error, socket, limits),
  });
}

/** Clients that take this server for a proxy write the whole address; every server has to understand it. */
function pathOf(url: string): string {
  if (url.startsWith('/')) return url;
  const path = url.replace(/^https?:\/\/[^/?#]*/iu, '');
  return path.startsWith('/') || path === url ? path : `/${path}`;
}
