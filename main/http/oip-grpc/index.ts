import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { logVerbosity, Server, ServerCredentials, setLogVerbosity } from '@grpc/grpc-js';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Serving } from '../../serving/index.ts';
import { acceptAt, lateMsOf } from '../server/index.ts';
import type {
  AccessEntry,
  ByteBudget,
  Caller,
  HttpLimits,
  ServingContext,
  TokenBook,
} from '../server/index.ts';
import type { Tracing } from '../trace/index.ts';
import { openGate } from './gate.ts';
import { createGoaway } from './goaway.ts';
import type { Goaway } from './goaway.ts';
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
  const connections = serveGrpcConnections(options);
  const accepting = await acceptAt(bind, (socket) => {
    // The socket is paused, and HTTP/2 takes a reading handle; a half-closed connection is ended.
    socket.allowHalfOpen = false;
    socket.read(0);
    connections.take(socket);
  });
  if (!accepting.ok) {
    await connections.close(0);
    return accepting;
  }
  return ok({
    address: accepting.value.address,
    close: async ({ graceMs = 0 } = {}) => {
      await accepting.value.close();
      await connections.close(graceMs);
    },
  });
}

/** The same on connections that somebody else accepted. */
export function serveGrpcConnections(options: Omit<GrpcServerOptions, 'bind'>): {
  take(socket: Socket): void;
  close(graceMs: number): Promise<void>;
} {
  const goaway = createGoaway();
  const server = grpcServer(options, goaway);
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const sockets = new Set<Socket>();
  const waitUntilClosed = async (longestMs: number): Promise<void> => {
    const until = performance.now() + longestMs;
    while (sockets.size > 0 && performance.now() < until) await delay(sweepMs);
  };
  return {
    take: (socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      socket.on('error', () => undefined);
      socket.setNoDelay(true);
      injector.injectConnection(socket);
    },
    close: async (graceMs) => {
      const until = performance.now() + graceMs;
      goaway.end();
      await waitUntilClosed(lateMsOf(graceMs));
      injector.drain(graceMs);
      await waitUntilClosed(until - performance.now());
      injector.destroy();
      server.forceShutdown();
    },
  };
}
const sweepMs = 25;

function grpcServer(options: Omit<GrpcServerOptions, 'bind'>, goaway: Goaway): Server {
  const { serving, statistics, limits, tokens, anyone, mayAsk, appVersion, log, budget } = options;
  // Errors go to the caller; grpc-js would also log them to the console.
  setLogVerbosity(logVerbosity.NONE);
  const onAccess = options.onAccess ?? (() => {});
  const gate = openGate({ tokens, anyone, limits, budget, goaway, onAccess });
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

/** Flow-control window: a picture tensor arrives without waiting for WINDOW_UPDATE every 64 KiB. */
const flowWindowBytes = 4 * 1024 ** 2;

function isLocal(bind: string): boolean {
  return /^(?:unix:.*|(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]):\d+)$/u.test(bind);
}
