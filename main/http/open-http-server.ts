import { ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { openHttpApp } from './http-app.ts';
import type { HttpApp } from './http-app.ts';
import type { GrpcServer } from './oip-grpc/index.ts';
import { listenAt } from './server/index.ts';
import type { HttpServer, HttpServerOptions, OpenHttpServer } from './server/index.ts';

/** Listens, and speaks every protocol. Faults: `address-in-use`, `address-unusable`, `bind-file-taken`, `bind-needs-token` (gRPC). */
export const openHttpServer: OpenHttpServer = async (options) => {
  const http = await openHttpApp(options);
  const { app, drain } = http;
  const listening = await listenAt(app, options.bind);
  const stop = async (graceMs: number): Promise<void> => {
    if (listening.ok) await listening.value.release();
    if (app.server.listening) await drain.end(graceMs, listening.ok ? listening.value.beside : undefined);
    await http.close();
  };
  const grpc = listening.ok ? await openGrpc(options, http) : ok(null);
  if (!listening.ok || !grpc.ok) {
    await stop(0);
    return listening.ok ? (grpc as Outcome<never>) : listening;
  }
  return ok(serverOf(listening.value.address, grpc.value, stop));
};

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
  { context, statistics, countAccess, tracing }: HttpApp,
): Promise<Outcome<GrpcServer | null>> {
  if (options.grpcBind === null) return ok(null);
  // Loaded only when it is wanted: it takes a tenth of a second and 15 MB.
  const { openGrpcServer } = await import('./oip-grpc/index.ts');
  return openGrpcServer({
    ...options,
    onAccess: countAccess,
    ...context,
    statistics,
    bind: options.grpcBind,
    tracing,
  });
}
