import cluster from 'node:cluster';
import type { Worker } from 'node:cluster';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import { clientReason, detail } from '../../../contract/reasons.ts';
import { readFrames } from '../../lib/frames.ts';
import { openSocketFolder } from '../../lib/scratch.ts';
import { readBind } from '../server/address/listen-at.ts';
import { defaultRequestMemory } from '../server/budget/index.ts';
import type { HttpLimits } from '../server/context.ts';
import type { HttpServer, HttpServerOptions } from '../server/types.ts';
import { defaultHttpLimits } from '../server/limits.ts';
import { mayAskOf } from '../server/may-ask.ts';
import { openMetrics } from '../metrics/index.ts';
import { prepareSocketFile } from '../server/address/socket-file.ts';
import type { SocketFile } from '../server/address/socket-file.ts';
import { connectToFront } from './front-link.ts';
import type { FrontLink } from './front-link.ts';
import { frontEnv } from './messages.ts';
import type { Known, ToEngine } from './messages.ts';

export type FrontsOptions = Omit<HttpServerOptions, 'tokens' | 'consent' | 'grpcBind'> & {
  readonly fronts: number;
  /** Built file of a front (`out/main/front.js`). */
  readonly entry: string;
  readonly tokenFile: string | null;
};
export type FrontServer = HttpServer & { rereadTokens(): void };
const knownMs = 250;

/** The fronts share one listener, so this process creates and removes its socket file. Null: a port, or a pipe of Windows. */
async function socketFileOf(bind: string): Promise<Outcome<SocketFile | null>> {
  const at = readBind(bind);
  return at !== null && 'path' in at && process.platform !== 'win32' ? prepareSocketFile(at.path) : ok(null);
}

/**
 * Several processes on one address, for when one event loop is the limit: each takes its share of the connections and asks
 * this process's engine over a local socket. One that ends is started again. Faults: `address-in-use`, `address-unusable`,
 * `bind-file-taken`.
 */
export async function openFronts(options: FrontsOptions): Promise<Outcome<FrontServer>> {
  const { serving, log } = options;
  const file = await socketFileOf(options.bind);
  if (!file.ok) return file;
  const frontBind = file.value === null ? options.bind : `unix:${file.value.draft}`;
  const folder = await openSocketFolder('fronts');
  const path =
    process.platform === 'win32'
      ? `\\\\.\\pipe\\outpost-fronts-${randomBytes(8).toString('hex')}`
      : join(folder.path, 'engine.sock');
  const token = randomBytes(24).toString('hex');
  const metrics = openMetrics({
    serving,
    budget: null,
    appVersion: options.appVersion,
    mayAsk: mayAskOf(serving),
  });
  const links = new Set<FrontLink>();
  const workers = new Set<Worker>();
  let isEnding = false;
  let onAddress: (outcome: Outcome<string>) => void = () => {};
  const address = new Promise<Outcome<string>>((resolve) => (onAddress = resolve));

  const knownNow = (): Known => {
    const catalogue = serving.catalogue();
    return {
      catalogue,
      isReady: serving.isReady(),
      unready: serving.unready(),
      status: serving.status(),
      batching: Object.fromEntries(catalogue.map(({ id }) => [id, serving.batching(id)])),
    };
  };
  const stopServed = serving.onServed((served) => {
    for (const each of links) each.served(served);
  });
  const knowing = setInterval(() => {
    const known = knownNow();
    for (const each of links) each.send({ kind: 'known', known });
  }, knownMs);

  const announce = async (bound: string): Promise<void> => {
    const published = (await file.value?.publish()) ?? ok(undefined);
    onAddress(published.ok ? ok(file.value === null ? bound : options.bind) : published);
  };

  const onConnection = (socket: Socket): void => {
    let front: FrontLink | null = null;
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      if (front) links.delete(front);
      front?.abortAll();
    });
    readFrames<ToEngine>(socket, (frame) => {
      const { message } = frame;
      if (!front) {
        if (message.kind !== 'hello' || message.token !== token) return void socket.destroy();
        front = connectToFront({ serving, metrics, socket });
        links.add(front);
        const { appVersion, anyone, allowedHosts, corsOrigins, tokenFile } = options;
        const limits = limitsOfOne(options);
        front.send({
          kind: 'listen',
          options: { appVersion, bind: frontBind, anyone, allowedHosts, corsOrigins, limits, tokenFile },
          known: knownNow(),
        });
      } else if (message.kind === 'listening')
        announce(message.address).catch((error: unknown) =>
          onAddress(failed('internal', { reason: detail(String(error)) })),
        );
      else if (message.kind === 'not-listening') onAddress({ ok: false, fault: message.fault });
      else front.handleMessage(frame);
    });
  };
  const server = await listenOn(path, onConnection);
  cluster.setupPrimary({ exec: options.entry, execArgv: [], args: [], silent: false });
  const start = (): void => {
    const worker = cluster.fork({ [frontEnv.socket]: path, [frontEnv.token]: token });
    workers.add(worker);
    worker.on('exit', (code, signal) => {
      workers.delete(worker);
      if (isEnding) return;
      log('warn', `a front ended (${signal ?? `exit code ${code}`}); another one takes its place`);
      setTimeout(() => !isEnding && start(), 200);
    });
  };
  for (let count = 0; count < options.fronts; count += 1) start();

  const close = async (graceMs: number): Promise<void> => {
    isEnding = true;
    await file.value?.remove();
    clearInterval(knowing);
    for (const each of links) each.send({ kind: 'end', graceMs });
    const until = Date.now() + graceMs + 1_000;
    while (workers.size > 0 && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const worker of workers) worker.kill('SIGKILL');
    stopServed();
    metrics.close();
    server.close();
    await folder.close();
  };
  const listening = await Promise.race([address, startFault()]);
  if (!listening.ok) {
    await close(0);
    return listening;
  }
  return ok({
    address: listening.value,
    grpcAddress: null,
    rereadTokens: () => {
      for (const each of links) each.send({ kind: 'tokens' });
    },
    close: ({ graceMs = 5_000 } = {}) => close(graceMs),
  });
}

/** Each front has its part of the memory for requests. */
function limitsOfOne({ limits = {}, fronts }: FrontsOptions): Partial<HttpLimits> {
  const { maxBodyBytes, requestMemoryBytes } = { ...defaultHttpLimits, ...limits };
  const all = requestMemoryBytes ?? defaultRequestMemory(maxBodyBytes);
  return { ...limits, requestMemoryBytes: Math.max(2 * maxBodyBytes, Math.floor(all / fronts)) };
}

const startMs = 30_000;
function startFault(): Promise<Outcome<never>> {
  return new Promise((resolve) =>
    setTimeout(
      () => resolve(failed('internal', { reason: clientReason('no front came up in time') })),
      startMs,
    ).unref(),
  );
}

function listenOn(path: string, onSocket: (socket: Socket) => void): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(onSocket).on('error', reject);
    server.listen(path, () => resolve(server));
  });
}
