import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { tokenFile } from '../../access/index.ts';
import { openReadingEngine } from '../../composition/index.ts';
import { tensorsFor, tooLong } from '../../engine/index.ts';
import type { Engine } from '../../engine/index.ts';
import { freeDescriptorOf, lastAnswer, serveConnections } from '../../http/index.ts';
import type { ConnectionServer, TokenBook } from '../../http/index.ts';
import { openServing } from '../../serving/index.ts';
import type { OpenedServing } from '../../serving/index.ts';
import { createRunners } from '../../worker/index.ts';
import type {
  AskArbiter,
  AskHttpWorker,
  FromHttpWorker,
  JournalLine,
  Room,
  ToHttpWorker,
} from '../messages.ts';
import { watchdogPipe } from '../messages.ts';
import { createCrashGuard } from './crash-guard.ts';
import { createGathering } from './gathering.ts';
import type { Gathering } from './gathering.ts';
import { createRoom } from './room.ts';
import { remoteCounts } from './remote-counts.ts';
import { startRunClock } from './run-clock.ts';
import { shareServing } from './shared-serving.ts';
import { createWorkerBatching } from './worker-batching.ts';

export type Arbiter = {
  send(message: FromHttpWorker): void;
  ask(question: AskArbiter): Promise<unknown>;
};
export type HttpWorker = {
  handle(message: Exclude<ToHttpWorker, { kind: 'start' | 'answer' }>, handle?: Socket): void;
};
const stateMs = 250;

/** Opens engine and protocols, sends `up`, loads the models, sends `warm`. Rejects on failure, and the arbiter starts another. */
export async function openHttpWorker(
  { setup, guarded, share }: Start,
  arbiter: Arbiter,
): Promise<HttpWorker> {
  const room = createRoom(share.maxQueued);
  const gathering = createGathering({ send: arbiter.send, room: () => room.now() });
  const clock = startRunClock({
    watchdogFile: setup.watchdog,
    timeoutMs: setup.timeoutMs,
    descriptorOf: freeDescriptorOf,
    answerOf: (model) => lastAnswer(tooLong(tensorsFor(model), setup.timeoutMs)),
  });
  const guard = createCrashGuard(guarded, writeLine);
  const opened = await openReadingEngine({
    ...setup.engine,
    limits: { ...setup.engine.limits, maxQueued: share.maxQueued },
    client: 'http',
    inProcess: {
      openRunner: guard.watch(clock.watch(createRunners())),
      mappedFolder: join(setup.engine.dataFolder, 'mapped'),
      // A request that hangs without blocking the event loop also ends this process.
      onLate: clock.expire,
    },
    writer: { change: gathering.change, ask: (call) => arbiter.ask({ kind: 'store', call }) },
    onObserved: gathering.observed,
    log: (level, text) => arbiter.send({ kind: 'log', level, text }),
  });
  room.follow(opened.engine.workers);
  const own = await openServing(opened, setup.serving);
  const batching = createWorkerBatching(own);
  batching.divide(share.processes);
  batching.watch(guarded.isWatching);
  for (const id of setup.serving.unloaded) await own.unload(id);
  gathering.follow(own);
  const shared = shareServing(own, arbiter);
  const tokens = await openTokens(setup.http.tokenFile, setup.http.anyone.isControl);
  const server = await serveConnections({
    ...setup.http,
    limits: { ...setup.http.limits, requestMemoryBytes: share.requestMemoryBytes },
    serving: shared.serving,
    tokens: tokens && { find: (token) => tokens.book().find(token) },
    counts: remoteCounts({ ask: arbiter.ask, onAccess: gathering.access }),
    places: room,
    speaksGrpc: setup.speaksGrpc,
    log: (level, text) => arbiter.send({ kind: 'log', level, text }),
  });
  const { engine } = opened;
  const parts: Parts = { own, engine, server, gathering, tokens, arbiter, room };
  reportState(parts);
  arbiter.send({ kind: 'up' });
  const timer = setInterval(() => reportState(parts), stateMs);
  void own.warm().then((failed) => {
    reportState(parts);
    arbiter.send({ kind: 'warm', failed });
  });
  return {
    handle: (message, handle) => {
      switch (message.kind) {
        case 'connection':
          if (handle && message.head.byteLength > 0) room.promise(handle);
          // Acknowledge first: once a request may be running, no other worker may get this connection.
          arbiter.send({ kind: 'taken', room: room.now() });
          if (!handle) return;
          if (message.protocol === 'http') server.takeHttp(handle, message.head);
          else server.takeGrpc(handle);
          break;
        case 'guard':
          guard.become(message.guarded);
          batching.watch(message.guarded.isWatching);
          break;
        case 'status':
          shared.become(message.status);
          break;
        case 'share':
          room.most = message.share.maxQueued;
          engine.workers.limitQueue(room.most);
          batching.divide(message.share.processes);
          server.budget.limitBytes = message.share.requestMemoryBytes;
          break;
        case 'release':
          for (const ref of message.refs) engine.workers.release(ref);
          break;
        case 'shed':
          server.shed(message.connections);
          break;
        case 'ask':
          void answer(parts, message.ask).then((value) =>
            arbiter.send({ kind: 'answer', id: message.id, value }),
          );
          break;
        case 'drain':
          clearInterval(timer);
          void server
            .close(message.graceMs)
            .then(() => opened.close({ graceMs: message.graceMs }))
            .finally(() => {
              gathering.flush();
              process.disconnect();
            });
          break;
      }
    },
  };
}

type Start = Pick<Extract<ToHttpWorker, { kind: 'start' }>, 'setup' | 'guarded' | 'share'>;
type Parts = {
  readonly own: OpenedServing;
  readonly engine: Pick<Engine, 'workers'>;
  readonly server: ConnectionServer;
  readonly gathering: Gathering;
  readonly tokens: { read(file: string): Promise<void> } | null;
  readonly arbiter: Arbiter;
  readonly room: { now(): Room };
};

/** Errors are ignored: a run must not fail because it could not be journaled. */
function writeLine(line: JournalLine): void {
  try {
    writeSync(watchdogPipe, `${JSON.stringify(line)}\n`);
  } catch {
    // The arbiter is busy or gone.
  }
}

async function answer(parts: Parts, ask: AskHttpWorker): Promise<unknown> {
  const { own, gathering, tokens } = parts;
  switch (ask.kind) {
    case 'flush':
      gathering.flush();
      reportState(parts);
      return null;
    case 'tokens':
      await tokens?.read(ask.file);
      return null;
    case 'unload':
      return own.unload(ask.model);
    case 'load': {
      const [id = '', version] = ask.ref.split('@', 2);
      const found = own.find(version === undefined ? { id } : { id, version });
      return found.ok ? own.load(found.value) : found;
    }
  }
}

function reportState({ own, engine, server, arbiter, room }: Parts): void {
  const { queued, running, oldestWaitMs } = own.status();
  const { activeConnections, budget } = server;
  arbiter.send({
    kind: 'state',
    state: {
      isReady: own.isReady(),
      unready: own.unready(),
      models: own.catalogue().map(({ ref, state }) => [ref, state]),
      queued,
      running,
      oldestWaitMs,
      rssBytes: process.memoryUsage.rss(),
      activeConnections,
      room: room.now(),
      requestMemory: { heldBytes: budget.heldBytes, refused: budget.refused },
      loaded: engine.workers.loaded(),
    },
  });
}

/** The arbiter has validated the file; if it cannot be read again later, the previous tokens stay valid. */
async function openTokens(
  file: string | null,
  isControl: boolean,
): Promise<{ book(): TokenBook; read(file: string): Promise<void> } | null> {
  if (file === null) return null;
  const read = async (from: string): Promise<TokenBook | null> => {
    const found = await tokenFile(from, { isControl });
    return found.ok ? found.value : null;
  };
  let book: TokenBook = (await read(file)) ?? { find: () => null };
  return { book: () => book, read: async (next) => void (book = (await read(next)) ?? book) };
}
