import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import type { Serving } from '../../serving/index.ts';
import { listenAtSocketFile, notListening } from '../server/index.ts';
import type {
  AccessEntry,
  ByteBudget,
  Caller,
  HttpLimits,
  Listening,
  ServingContext,
  TokenBook,
} from '../server/index.ts';
import type { Tracing } from '../trace/index.ts';
import { openGate } from './gate.ts';
import { measured } from './held-calls.ts';
import { protocol } from './protocol.ts';
import { healthService, inferenceService } from './service.ts';
import type { ServiceParts } from './parts.ts';
import type { StatisticsBook } from '../oip/index.ts';

export type GrpcServerOptions = {
  readonly serving: Serving;
  readonly statistics: StatisticsBook;
  readonly limits: HttpLimits;
  /** Null: whoever reaches the address may ask; then `bind` has to be loopback or a socket file. */
  readonly tokens: TokenBook | null;
  /** What a caller without a token is. */
  readonly anyone: Caller;
  /** `host:port`, or `unix:/path`. */
  readonly bind: string;
  readonly mayAsk: ServingContext['mayAsk'];
  /** Shared with what else answers clients of this server. */
  readonly budget: ByteBudget;
  readonly appVersion: string;
  readonly tracing?: Tracing | null;
  readonly onAccess?: (entry: AccessEntry) => void;
  readonly log: ServiceParts['log'];
};
export type GrpcServer = {
  /** As asked for, with the port that was given by the system where 0 was asked. */
  readonly address: string;
  /** Takes no new call, finishes what is under way within the time, ends the rest. */
  close(options?: { readonly graceMs?: number }): Promise<void>;
};

/**
 * The Open Inference Protocol over gRPC, with Triton's model repository, statistics and configuration, and grpc.health.v1.
 * Without TLS: that is for what stands in front. Faults: `bind-needs-token`,
 * `address-in-use`, `address-unusable`, `bind-file-taken`.
 */
export async function openGrpcServer(options: GrpcServerOptions): Promise<Outcome<GrpcServer>> {
  const { tokens, bind } = options;
  if (tokens === null && !isLocal(bind)) return failed('bind-needs-token', { address: bind });
  const server = grpcServer(options);
  const bound = await bindTo(server, bind);
  if (!bound.ok) {
    server.forceShutdown();
    return bound;
  }
  return ok({
    address: bound.value.address,
    close: async ({ graceMs = 0 } = {}) => {
      await bound.value.release();
      await shutdown(server, graceMs);
    },
  });
}

/** The same on connections that another process accepted. */
export function serveGrpcConnections(options: Omit<GrpcServerOptions, 'bind'>): {
  take(socket: Socket): void;
  close(graceMs: number): Promise<void>;
} {
  const server = grpcServer(options);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  return {
    take: (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.setNoDelay(true);
      injector.injectConnection(socket);
    },
    close: async (graceMs) => {
      injector.drain(graceMs);
      const until = performance.now() + graceMs;
      while (sockets.size > 0 && performance.now() < until) await delay(sweepMs);
      injector.destroy();
      server.forceShutdown();
    },
  };
}
const sweepMs = 25;

function grpcServer(options: Omit<GrpcServerOptions, 'bind'>): Server {
  const { serving, statistics, limits, tokens, anyone, mayAsk, appVersion, log, budget } = options;
  // What goes wrong is told to the caller; the package would write it to the console as well.
  setLogVerbosity(logVerbosity.NONE);
  const onAccess = options.onAccess ?? (() => {});
  const gate = openGate({ tokens, anyone, limits, budget, onAccess });
  const server = new Server({
    'grpc.max_receive_message_length': limits.maxBodyBytes,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': 1024,
    'grpc.enable_channelz': 0,
    'grpc-node.flow_control_window': flowWindowBytes,
    interceptors: [gate.interceptor],
  });
  const tracing = options.tracing ?? null;
  const context = { serving: tracing?.follow(serving) ?? serving, limits, appVersion, mayAsk, budget };
  const parts = { context, gate, statistics, tracing, onAccess, log };
  const { inference, health } = protocol();
  server.addService(measured(inference), inferenceService(parts));
  server.addService(measured(health), healthService(parts));
  return server;
}

/** A picture as a tensor comes in one go, instead of waiting for the window's update every 64 KiB. */
const flowWindowBytes = 4 * 1024 ** 2;

function isLocal(bind: string): boolean {
  return /^(?:unix:.*|(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]):\d+)$/u.test(bind);
}

async function bindTo(server: Server, bind: string): Promise<Outcome<Listening>> {
  if (!bind.startsWith('unix:') || process.platform === 'win32') {
    const port = await listen(server, bind);
    if (!port.ok) return port;
    const address = bind.startsWith('unix:') ? bind : bind.replace(/:\d+$/u, `:${port.value}`);
    return ok({ address, release: async () => undefined });
  }
  return listenAtSocketFile(bind.slice('unix:'.length), (draft) => listen(server, `unix:${draft}`));
}

function listen(server: Server, bind: string): Promise<Outcome<number>> {
  return new Promise((resolve) => {
    server.bindAsync(bind, ServerCredentials.createInsecure(), (error, port) => {
      if (!error) return resolve(ok(port));
      // The package puts the system's code into a sentence of its own.
      const code = /\b(E[A-Z]{3,})\b/u.exec(error.message)?.[1];
      resolve(notListening(bind, Object.assign(error, code !== undefined && { code })));
    });
  });
}

function shutdown(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const clock = setTimeout(() => server.forceShutdown(), graceMs);
    server.tryShutdown(() => {
      clearTimeout(clock);
      resolve();
    });
  });
}
