import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { inheritedEnv } from '../lib/paths.ts';
import {
  ByteBudget,
  admitRequests,
  answerBadUrl,
  answerErrors,
  answerRaw,
  answerUnknown,
  createDirect,
  createDrain,
  createGate,
  defaultHttpLimits,
  defaultRequestMemory,
  holdAnswers,
  holdInvitations,
  installGate,
  mayAskOf,
  openTextThreads,
  refuseWhenFull,
  takeBodies,
  watchAccess,
} from './server/index.ts';
import type { AccessEntry, HttpContext, HttpLimits, HttpServerOptions, Places } from './server/index.ts';
import { openMetrics } from './metrics/index.ts';
import type { Metrics } from './metrics/index.ts';
import { openStatistics } from './oip/index.ts';
import type { StatisticsBook } from './oip/index.ts';
import { speakProtocols } from './protocols.ts';
import { createShedding } from './shedding.ts';
import type { Shedding } from './shedding.ts';
import { openTracing, traceRoutes } from './trace/index.ts';
import type { Tracing } from './trace/index.ts';

/** Metrics kept by another process, which aggregates several HTTP workers. */
export type CountsElsewhere = { readonly metrics: Metrics; readonly statistics: StatisticsBook };
/** For a server whose connections another process accepts. */
export type Accepted = { readonly counts: CountsElsewhere; readonly places: Places };

/** All HTTP protocols, not yet listening. */
export type HttpApp = {
  readonly app: FastifyInstance;
  readonly context: HttpContext;
  readonly statistics: StatisticsBook;
  readonly tracing: Tracing | null;
  readonly drain: ReturnType<typeof createDrain>;
  readonly shedding: Shedding;
  readonly countAccess: (entry: AccessEntry) => void;
  /** Call after the last request. */
  close(): Promise<void>;
};

/** The counts of another process are closed by it. */
export async function openHttpApp(
  options: Omit<HttpServerOptions, 'grpcBind'>,
  accepted: Accepted | null = null,
): Promise<HttpApp> {
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
  const counts = accepted?.counts;
  const metrics = counts?.metrics ?? openMetrics(context);
  const statistics = counts?.statistics ?? openStatistics(options.serving);
  const gate = createGate({ ...options, maxBodyBytes });
  const direct = createDirect({
    gate,
    budget,
    maxBodyBytes,
    keepAliveMs: limits.keepAliveMs,
    isEnding: () => drain.isEnding,
    isDue: (socket) => shedding.isDue(socket),
    report: (entry) => countAccess(entry),
  });
  admitRequests(app.server, budget, direct.take);
  const drain = createDrain(app);
  const shedding = createShedding(app.server);
  const countAccess = (entry: AccessEntry): void => {
    metrics.countHttp(entry);
    options.onAccess?.(entry);
  };
  holdInvitations(app.server);
  watchAccess(app, countAccess);
  installGate(app, gate);
  refuseWhenFull(app, { serving: options.serving, places: accepted?.places ?? null });
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
    direct,
  });
  return {
    app,
    context,
    statistics,
    tracing,
    drain,
    shedding,
    countAccess,
    close: async () => {
      await app.close();
      await threads.close();
      if (!counts) {
        statistics.close();
        metrics.close();
      }
      await tracing?.close();
    },
  };
}

function bareApp(limits: HttpLimits): FastifyInstance {
  const { maxBodyBytes, maxHeaderBytes, keepAliveMs, receiveTimeoutMs, timeoutMs } = limits;
  return fastify({
    logger: false,
    bodyLimit: maxBodyBytes,
    keepAliveTimeout: keepAliveMs,
    requestTimeout: receiveTimeoutMs,
    // Idle timeout: longer than the slowest legal response.
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

/** Absolute-form request targets (RFC 9112, 3.2.2), as sent to a proxy, must be accepted. */
function pathOf(url: string): string {
  if (url.startsWith('/')) return url;
  const path = url.replace(/^https?:\/\/[^/?#]*/iu, '');
  return path.startsWith('/') || path === url ? path : `/${path}`;
}
