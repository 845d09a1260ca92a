import type { Socket } from 'node:net';
import { openHttpApp } from './http-app.ts';
import type { CountsElsewhere } from './http-app.ts';
import { createOpenSockets } from './open-sockets.ts';
import type { ByteBudget, HttpServerOptions, Places } from './server/index.ts';

type ConnectionServerOptions = Omit<HttpServerOptions, 'grpcBind' | 'consent'> & {
  readonly counts: CountsElsewhere;
  readonly places: Places;
  /** gRPC is spoken as well. */
  readonly speaksGrpc: boolean;
};

/** Every protocol, on connections that another process accepted. */
export type ConnectionServer = {
  /** `head`: bytes that were read of it already. */
  takeHttp(socket: Socket, head: Uint8Array): void;
  takeGrpc(socket: Socket): void;
  /** Connections that asked lately. */
  readonly activeConnections: number;
  /** Memory for requests and answers; its limit may be changed at any time. */
  readonly budget: Pick<ByteBudget, 'heldBytes' | 'limitBytes' | 'refused'>;
  /** Ends so many of the active connections behind their next answer: their clients come back, to whoever is next. */
  shed(connections: number): void;
  /** Finishes what is under way within the time, ends the rest. */
  close(graceMs: number): Promise<void>;
};

/** Listens nowhere: whoever accepts connections hands them in. */
export async function serveConnections({
  counts,
  places,
  speaksGrpc,
  ...options
}: ConnectionServerOptions): Promise<ConnectionServer> {
  const http = await openHttpApp(options, { counts, places });
  const { app, drain, shedding, context, countAccess, tracing } = http;
  await app.ready();
  // Node looks for slow clients from the moment it listens.
  app.server.emit('listening');
  const grpc = speaksGrpc
    ? (await import('./oip-grpc/index.ts')).serveGrpcConnections({
        ...options,
        ...context,
        onAccess: countAccess,
        statistics: counts.statistics,
        tracing,
      })
    : null;
  const sockets = createOpenSockets();
  return {
    takeHttp: (socket, head) => {
      sockets.hold(socket);
      socket.setNoDelay(true);
      if (head.byteLength > 0) socket.unshift(head);
      app.server.emit('connection', socket);
    },
    takeGrpc: (socket) => {
      if (!grpc) return void socket.destroy();
      grpc.take(socket);
    },
    get activeConnections() {
      return sockets.countActive();
    },
    budget: context.budget,
    shed: (count) => shedding.shed(count, sockets.countActive()),
    close: async (graceMs) => {
      const emptied = { close: (onClosed: () => void) => sockets.emptied().then(onClosed) };
      await Promise.all([drain.end(graceMs, [emptied]), grpc?.close(graceMs)]);
      await http.close();
    },
  };
}
