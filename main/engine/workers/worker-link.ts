import { randomBytes, timingSafeEqual } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { join } from 'node:path';
import { workerEnv } from '../../../contract/wire.ts';
import type { FromWorker, ToWorker } from '../../../contract/wire.ts';
import { setAwakeTimeout } from '../../lib/awake-timer.ts';
import type { AwakeTimer } from '../../lib/awake-timer.ts';
import { messageOf } from '../../lib/error-text.ts';
import { frameWriter, readFrames } from '../../lib/frames.ts';
import type { Blob, Frame } from '../../lib/frames.ts';
import { drainTimeoutMs } from '../limits.ts';
import type { LocalRunner } from '../local-runner.ts';
import type { EnginePorts, WorkerProcess } from '../types.ts';

/*
 * One worker process with the one socket to it.
 *
 *   starting ──hello with the token──> open ──exit, kill, clock──> ended
 *       └──────────exit, kill, clock──────────────────────────────^
 *
 * Process and socket end together and never come back, so late replies are dropped with the socket.
 */
type LinkState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'open'; readonly write: ReturnType<typeof frameWriter>; readonly socket: Socket }
  | { readonly kind: 'ended'; readonly reason: string };

/** Why a worker ended: the computer could not start it, it ended by itself, or the engine ended it. */
export type LinkEnd = {
  readonly reason: string;
  readonly cause: 'not-started' | 'crash' | 'ordered';
};

export type Reply = Extract<FromWorker, { id: number }>;
type Asking = Exclude<ToWorker, { kind: 'cancel' | 'drain' | 'unload' }>;
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;
/** A message that the worker answers; the link numbers it. */
export type Question = WithoutId<Asking>;

export type LinkOutcome =
  | { readonly kind: 'replied'; readonly reply: Reply; readonly blobs: readonly Uint8Array[] }
  /** The request timed out, and the worker was killed for it. */
  | { readonly kind: 'late' }
  /** The worker ended; `wasOrdered` when another question or the engine was the reason. */
  | { readonly kind: 'lost'; readonly reason: string; readonly wasOrdered: boolean };

export type WorkerLink = {
  readonly pid: number | undefined;
  /** Part of the process that is this link's, where several models share one. */
  readonly share?: number;
  /** The model outgrew the shared process. */
  readonly isOutgrown?: boolean;
  /** Of a link to this process: runs the model at once, beside the questions; null while that cannot be. */
  readonly run?: LocalRunner['run'];
  /** Without `timeoutMs` nothing is ended for it. `onId` gets the number that a later `cancel` names. `client` is for a runner in this process. */
  ask(
    question: Question,
    options: {
      blobs?: readonly Blob[];
      timeoutMs?: number;
      onId?: (id: number) => void;
      client?: AbortSignal | undefined;
    },
  ): Promise<LinkOutcome>;
  send(message: Extract<ToWorker, { kind: 'cancel' | 'drain' | 'unload' }>): void;
  kill(reason: string): void;
  readonly ended: Promise<LinkEnd>;
};

type Pending = {
  readonly settle: (answer: LinkOutcome) => void;
  readonly timeoutMs: number | undefined;
  /** Holds the blobs of a question until the worker has read them. */
  blobFile: string | null;
};

/** Asks a worker to end when it has sent its replies; one that does not in time is killed. */
export function drain(link: Pick<WorkerLink, 'send' | 'kill' | 'ended'>): void {
  link.send({ kind: 'drain' });
  const timer = setAwakeTimeout(() => link.kill('it did not end when asked'), drainTimeoutMs);
  void link.ended.then(timer.clear);
}

/** Starts a worker. Questions asked before its hello are queued; their timeouts run already. */
export function startLink(
  ports: Pick<EnginePorts, 'startWorker' | 'socketFolder' | 'memoryFolder' | 'log'>,
): WorkerLink {
  const token = randomBytes(24).toString('hex');
  const path = socketPath(ports.socketFolder);
  const pending = new Map<number, Pending>();
  const early: { id: number; message: object; blobs: readonly Blob[] | undefined }[] = [];
  let state: LinkState = { kind: 'starting' };
  let worker: WorkerProcess | null = null;
  let lastId = 0;
  let clock: AwakeTimer | null = null;
  let clockOf: number | null = null;
  let lateId: number | null = null;
  let orderedReason: string | null = null;
  let onEnded: (end: LinkEnd) => void = () => {};
  const ended = new Promise<LinkEnd>((resolve) => (onEnded = resolve));

  const end = (reason: string): void => {
    if (state.kind === 'ended') return;
    // A worker that ends before its hello had no model and no input yet, so neither is the cause.
    const cause = orderedReason !== null ? 'ordered' : state.kind === 'starting' ? 'not-started' : 'crash';
    if (state.kind === 'open') state.socket.destroy();
    state = { kind: 'ended', reason };
    server.close();
    clock?.clear();
    worker?.kill();
    if (process.platform !== 'win32') void rm(path, { force: true });
    for (const [id, { settle, blobFile }] of pending) {
      if (blobFile !== null) void rm(blobFile, { force: true });
      settle(id === lateId ? { kind: 'late' } : { kind: 'lost', reason, wasOrdered: orderedReason !== null });
    }
    pending.clear();
    onEnded({ reason, cause });
  };
  const kill = (reason: string): void => {
    orderedReason ??= reason;
    end(reason);
  };

  /** One timer, for the oldest request with a timeout: the worker has not begun those behind it. */
  const armTimer = (): void => {
    let head: number | null = null;
    let timeoutMs = 0;
    for (const [id, entry] of pending) {
      if (entry.timeoutMs === undefined) continue;
      head = id;
      timeoutMs = entry.timeoutMs;
      break;
    }
    if (head === clockOf) return;
    clock?.clear();
    clockOf = head;
    clock = head === null ? null : setAwakeTimeout(() => expire(head), timeoutMs);
  };
  const expire = (id: number): void => {
    lateId = id;
    kill('no answer in time');
  };

  const onFrame = ({ message, blobs }: Frame<FromWorker>): void => {
    if (message.kind === 'log') return ports.log(message.level, message.text);
    if (message.kind === 'hello') return;
    const entry = pending.get(message.id);
    if (!entry) return;
    pending.delete(message.id);
    armTimer();
    entry.settle({ kind: 'replied', reply: message, blobs });
  };
  const open = (socket: Socket): void => {
    state = { kind: 'open', write: frameWriter(socket, ports.memoryFolder ?? null), socket };
    // One worker, one connection: stop listening.
    server.close();
    for (const { id, message, blobs } of early.splice(0)) send(id, message, blobs);
  };
  const send = (id: number, message: object, blobs: readonly Blob[] | undefined): void => {
    if (state.kind !== 'open') return void early.push({ id, message, blobs });
    const blobFile = state.write(message, blobs);
    const entry = pending.get(id);
    if (entry) entry.blobFile = blobFile;
  };

  const server = listen(path, {
    onSocket: (socket) =>
      authenticate(socket, {
        token,
        isFree: () => state.kind === 'starting',
        open,
        onFrame,
        onClose: () => end('it closed its connection'),
      }),
    onListening: () => {
      if (state.kind === 'ended') return;
      try {
        worker = ports.startWorker({ [workerEnv.socket]: path, [workerEnv.token]: token });
      } catch (error) {
        // spawn failed: out of memory or processes.
        return end(`could not be started: ${messageOf(error)}`);
      }
      worker.onExit(end);
    },
    onError: (error) => end(`its socket could not be made: ${error.message}`),
  });

  return {
    get pid() {
      return worker?.pid;
    },
    ended,
    kill,
    ask: (question, { blobs, timeoutMs, onId }) => {
      if (state.kind === 'ended')
        return Promise.resolve({ kind: 'lost', reason: state.reason, wasOrdered: true });
      const id = ++lastId;
      onId?.(id);
      return new Promise((settle) => {
        pending.set(id, { settle, timeoutMs, blobFile: null });
        send(id, { ...question, id }, blobs);
        if (timeoutMs !== undefined) armTimer();
      });
    },
    send: (message) => {
      // Keep the order: a cancel may refer to a request still queued here.
      if (state.kind === 'starting') early.push({ id: 0, message, blobs: undefined });
      else if (state.kind === 'open') state.write(message);
    },
  };
}

type Authentication = {
  readonly token: string;
  readonly isFree: () => boolean;
  readonly open: (socket: Socket) => void;
  readonly onFrame: (frame: Frame<FromWorker>) => void;
  readonly onClose: () => void;
};

/** The first message has to be a hello with the token; any other closes the connection. */
function authenticate(socket: Socket, { token, isFree, open, onFrame, onClose }: Authentication): void {
  let isKnown = false;
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    // Mostly the process exits at the same moment, and its exit code is the better reason.
    if (isKnown) setTimeout(onClose, 200).unref();
  });
  readFrames<FromWorker>(socket, (frame) => {
    if (isKnown) return onFrame(frame);
    if (frame.message.kind !== 'hello' || !isSame(frame.message.token, token) || !isFree()) {
      socket.destroy();
      return;
    }
    isKnown = true;
    open(socket);
  });
}

function isSame(given: string | undefined, token: string): boolean {
  const one = Buffer.from(given ?? '');
  const other = Buffer.from(token);
  return one.byteLength === other.byteLength && timingSafeEqual(one, other);
}

function listen(
  path: string,
  on: { onSocket: (socket: Socket) => void; onListening: () => void; onError: (error: Error) => void },
): Server {
  const server = createServer(on.onSocket);
  server.on('error', on.onError);
  server.listen(path, on.onListening);
  return server;
}

function socketPath(folder: string): string {
  const name = randomBytes(6).toString('base64url');
  return process.platform === 'win32'
    ? `\\\\.\\pipe\\outpost-${process.pid}-${name}`
    : join(folder, `${name}.sock`);
}
