import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { AccessEntry, HttpServer, HttpServerOptions, TokenBook } from '../../../main/http/index.ts';
import { openHttpServer } from '../../../main/http/index.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';

export type CoreServer = {
  readonly url: string;
  readonly port: number;
  readonly server: HttpServer;
  readonly entries: AccessEntry[];
  readonly logged: string[];
  close(): Promise<void>;
};

export const anyone = { program: 'loopback', models: null, isControl: false };
/** `good` may ask for everything, `narrow` for the tensor demo. */
export const tokens: TokenBook = {
  find: (token) =>
    token === 'good'
      ? { program: 'Lab notebook', models: null, isControl: false }
      : token === 'narrow'
        ? { program: 'Counter', models: ['tensor-demo'], isControl: false }
        : null,
};

/** The whole server on a port of the system, before a real engine that several servers of a test may share. */
export async function startCore(
  test: TestServing,
  change: Partial<HttpServerOptions> = {},
): Promise<CoreServer> {
  const entries: AccessEntry[] = [];
  const logged: string[] = [];
  const opened = await openHttpServer({
    serving: test.serving,
    appVersion: '0.1.0',
    bind: '127.0.0.1:0',
    grpcBind: null,
    tokens: null,
    anyone,
    allowedHosts: [],
    corsOrigins: [],
    onAccess: (entry) => void entries.push(entry),
    log: (level, text) => void logged.push(`${level}: ${text}`),
    ...change,
  });
  if (!opened.ok) throw new Error(opened.fault.message);
  const server = opened.value;
  const url = server.address;
  return {
    url,
    port: Number(/:(\d+)$/u.exec(url)?.[1] ?? 0),
    server,
    entries,
    logged,
    close: () => server.close({ graceMs: 200 }),
  };
}

export { openTestServing };
export type { TestServing };

/** What a server says to these bytes until it closes the connection, has given so many answers, or the time is over. */
export function talk(
  port: number,
  pieces: readonly (string | Uint8Array)[],
  { forMs = 30_000, gapMs = 0, answers = Infinity } = {},
): Promise<{ readonly text: string; readonly isClosed: boolean; readonly ms: number }> {
  return new Promise((resolve, reject) => {
    const begun = performance.now();
    const socket = connect(port, '127.0.0.1');
    let text = '';
    let isDone = false;
    const end = (isClosed: boolean): void => {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      socket.destroy();
      resolve({ text, isClosed, ms: performance.now() - begun });
    };
    const timer = setTimeout(() => end(false), forMs);
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString('latin1');
      if (answers < Infinity && statusesOf(text).length >= answers) end(false);
    });
    socket.on('close', () => end(true));
    socket.on('end', () => end(true));
    socket.on('error', (error) => (text === '' ? reject(error) : end(true)));
    socket.on('connect', () => void sendAll(socket, pieces, gapMs));
  });
}

async function sendAll(
  socket: Socket,
  pieces: readonly (string | Uint8Array)[],
  gapMs: number,
): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed || !socket.writable) return;
    socket.write(piece);
    if (gapMs > 0) await new Promise((resolve) => setTimeout(resolve, gapMs));
  }
}

export const statusesOf = (text: string): readonly number[] =>
  [...text.matchAll(/HTTP\/1\.1 (\d{3}) /gu)].map((match) => Number(match[1]));

/** Code of the core's error body. */
export async function codeOf(response: Response): Promise<string> {
  const body = (await response.json()) as { readonly error: string; readonly code: string };
  if (typeof body.error !== 'string') throw new Error('no error text');
  return body.code;
}
