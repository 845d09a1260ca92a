import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { Fault } from '../../../contract/faults/faults.ts';
import { AwakeClock, setAwakeTimeout } from '../../lib/awake-timer.ts';
import { messageOf } from '../../lib/error-text.ts';
import { createAsking } from '../asking.ts';
import type {
  AskArbiter,
  AskHttpWorker,
  FromHttpWorker,
  Gathered,
  Guarded,
  Share,
  SharedStatus,
  ToHttpWorker,
  WatchdogLine,
  HttpWorkerState,
} from '../messages.ts';
import { watchdogPipe } from '../messages.ts';
import type { Running } from './crashes.ts';
import { createConnectionQueue } from './connection-queue.ts';
import type { Accepted } from './connection-queue.ts';

/*
 * One HTTP worker, from the arbiter's side.
 *
 *   starting ──up──> up ──warm──> warm ──drain──> draining ──> ended
 *      └───────────────┴────────────┴──exit, kill, silence──────^
 *
 * `up` accepts connections; `warm` has loaded its models. The stage is `ended` at the first sign of the end; the promise
 * `ended` resolves with the reason once the pipes are drained.
 */
export type Stage = 'starting' | 'up' | 'warm' | 'draining' | 'ended';
export type NotLoaded = readonly { readonly model: string; readonly fault: Fault }[];
/** Why a worker ended. `timeout`: the model whose run exceeded its time. */
export type HttpWorkerEnd = {
  readonly reason: string;
  readonly timeout: string | null;
  readonly isOrdered: boolean;
  /** It crashed, or was killed from outside. `running`: from the journal. */
  readonly crash: { readonly running: Running | null } | null;
};

export type HttpWorkerEvents = {
  onStage(worker: HttpWorkerProcess): void;
  onGathered(gathered: Gathered, worker: HttpWorkerProcess): void;
  onAsk(ask: AskArbiter): Promise<unknown>;
  /** A journaled load or run succeeded. */
  onSurvived(running: Running): void;
  /** It ended without being told to; called before `onLeft`. */
  onUnexpectedEnd(): void;
  /** It ended before it acknowledged these connections. */
  onLeft(connections: readonly Accepted[]): void;
  onState(worker: HttpWorkerProcess): void;
  log(level: 'info' | 'warn' | 'error', text: string): void;
};

/** The watchdog thread reports every second; a worker silent for this long is killed: it is stopped or swapped out. */
const silentMs = 10_000;
const checkMs = silentMs / 10;
/** A check this late after the one before: this process did not run either, so the workers' lines lie unread or unwritten. */
const sleptMs = checkMs + 2_000;
/** How long to wait for the rest of the pipes after the exit. */
const pipesMs = 500;

type HttpWorkerStart = Pick<Extract<ToHttpWorker, { kind: 'start' }>, 'setup' | 'guarded' | 'share'>;
export type HttpWorkerProcess = ReturnType<typeof startHttpWorkerProcess>;

/** `child`: an HTTP worker that was told nothing yet. */
export function startHttpWorkerProcess(
  child: ChildProcess,
  { setup, guarded, share }: HttpWorkerStart,
  events: HttpWorkerEvents,
) {
  let stage: Stage = 'starting';
  let state: HttpWorkerState | null = null;
  let stateMs = 0;
  let notLoaded: NotLoaded = [];
  let loadedBytes = 0;
  let served = 0;
  let timeout: string | null = null;
  let running: Running | null = null;
  let orderedReason: string | null = null;
  let lastErrors = '';
  const awake = new AwakeClock(performance.now(), sleptMs);
  let lastLineMs = 0;
  let onWarm: (isWarm: boolean) => void = () => {};
  const warmed = new Promise<boolean>((resolve) => (onWarm = resolve));
  let onEnded: (end: HttpWorkerEnd) => void = () => {};
  const ended = new Promise<HttpWorkerEnd>((resolve) => (onEnded = resolve));

  const send = (message: ToHttpWorker): void => {
    if (child.connected) child.send(message, undefined, {}, () => undefined);
  };
  const line = createConnectionQueue(({ socket, protocol, head }) => {
    // Without a channel the worker has ended, and `onLeft` gives the connection to another.
    if (!child.connected) return;
    child.send(
      { kind: 'connection', protocol, head } satisfies ToHttpWorker,
      socket,
      { keepOpen: true },
      (error) => {
        if (error) kill('no connection could be handed to it');
      },
    );
  });
  const asking = createAsking<AskHttpWorker>((id, ask) => send({ kind: 'ask', id, ask }));
  const become = (next: Stage): void => {
    if (stage === 'ended') return;
    stage = next;
    events.onStage(worker);
  };
  const kill = (reason: string): void => {
    orderedReason ??= reason;
    child.kill('SIGKILL');
  };
  let isOrdered = false;
  /** At the first sign of the end: no more connections. */
  const leave = (): void => {
    if (stage === 'ended') return;
    clearInterval(silence);
    isOrdered = stage === 'draining';
    if (!isOrdered && orderedReason === null) events.onUnexpectedEnd();
    become('ended');
    asking.fail('the worker ended');
    onWarm(false);
  };
  const end = (reason: string): void => {
    leave();
    events.onLeft(line.takeAll());
    const isCrash = !isOrdered && timeout === null && orderedReason === null;
    onEnded({ reason: orderedReason ?? reason, timeout, isOrdered, crash: isCrash ? { running } : null });
  };
  const handle = (message: FromHttpWorker): void => {
    switch (message.kind) {
      case 'up':
        if (stage === 'starting') become('up');
        break;
      case 'warm':
        notLoaded = message.failed;
        loadedBytes = state?.rssBytes ?? 0;
        if (stage === 'up') become('warm');
        onWarm(true);
        break;
      case 'state':
        state = message.state;
        stateMs = performance.now();
        line.noteRoom(state.room);
        events.onState(worker);
        break;
      case 'taken':
        line.noteRoom(message.room);
        line.taken();
        break;
      case 'gathered':
        events.onGathered(message, worker);
        break;
      case 'ask':
        void events
          .onAsk(message.ask)
          .catch((error: unknown) => events.log('error', messageOf(error)))
          .then((value) => send({ kind: 'answer', id: message.id, value }));
        break;
      case 'answer':
        asking.answered(message.id, message.value);
        break;
      case 'log':
        events.log(message.level, message.text);
        break;
    }
  };
  const handleLine = (line: WatchdogLine): void => {
    lastLineMs = awake.at(performance.now());
    if (line.kind === 'timeout') timeout = line.model;
    if (line.kind !== 'running' && line.kind !== 'idle') return;
    if (running) events.onSurvived(running);
    running = line.kind === 'running' ? { model: line.model, input: line.input } : null;
  };

  child.on('message', (message: FromHttpWorker) => handle(message));
  child.on('error', (error) => end(`could not be started: ${error.message}`));
  const endBy = (code: number | null, signal: NodeJS.Signals | null): void => {
    const text = lastErrors
      .trim()
      .split('\n')
      .findLast((line) => /error|abort|terminat/iu.test(line));
    const how = signal ? `signal ${signal}` : `exit code ${code}`;
    end(text ? `${how}: ${text.trim().slice(0, 200)}` : how);
  };
  child.on('exit', (code, signal) => {
    leave();
    setTimeout(() => endBy(code, signal), pipesMs).unref();
  });
  // `disconnect` comes after all messages of the worker, so every acknowledgement has been read.
  child.on('disconnect', () => {
    leave();
    events.onLeft(line.takeAll());
  });
  // `close` comes after the pipes are drained, the watchdog's last line included.
  child.on('close', endBy);
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    lastErrors = (lastErrors + text).slice(-2000);
  });
  readLines(child.stdio[watchdogPipe] as Readable | null, (text) =>
    handleLine(JSON.parse(text) as WatchdogLine),
  );
  const silence = setInterval(() => {
    const silentForMs = awake.at(performance.now()) - lastLineMs;
    if (stage !== 'starting' && silentForMs > silentMs) kill('it was silent');
  }, checkMs).unref();

  const worker = {
    get pid() {
      return child.pid;
    },
    get stage() {
      return stage;
    },
    get state() {
      return state;
    },
    get notLoaded() {
      return notLoaded;
    },
    /** Versions in memory with their idle time as of now; 0 while one is running. Reports of different workers are of different ages. */
    get loaded(): HttpWorkerState['loaded'] {
      const sinceMs = performance.now() - stateMs;
      const aged = (idleMs: number): number => (idleMs > 0 ? idleMs + sinceMs : 0);
      return (state?.loaded ?? []).map(({ ref, idleMs }) => ({ ref, idleMs: aged(idleMs) }));
    },
    /** Number of requests answered. */
    get served() {
      return served;
    },
    get growthBytes() {
      return loadedBytes > 0 ? (state?.rssBytes ?? 0) - loadedBytes : 0;
    },
    warmed,
    ended,
    count: (requests: number): void => void (served += requests),
    line,
    ask: (ask: AskHttpWorker): Promise<unknown> => asking.ask(ask),
    status: (status: SharedStatus): void => send({ kind: 'status', status }),
    guard: (next: Guarded): void => send({ kind: 'guard', guarded: next }),
    share: (share: Share): void => send({ kind: 'share', share }),
    release: (refs: readonly string[]): void => send({ kind: 'release', refs }),
    shed: (connections: number): void => send({ kind: 'shed', connections }),
    /** Stops accepting connections, and ends when the open ones are done. */
    drain: (graceMs: number): void => {
      if (stage === 'draining' || stage === 'ended') return;
      const wasStarting = stage === 'starting';
      become('draining');
      if (wasStarting) return kill('it is not needed');
      line.whenEmpty(() => send({ kind: 'drain', graceMs }));
      const clock = setAwakeTimeout(() => kill('it did not end in time'), graceMs + lateMs);
      void ended.then(clock.clear);
    },
    kill,
  };
  send({ kind: 'start', setup, guarded, share });
  return worker;
}
const lateMs = 2_000;

function readLines(stream: Readable | null, onLine: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('error', () => undefined);
  stream?.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
}
