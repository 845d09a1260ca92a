import { writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tokenFile } from '../../access/index.ts';
import { openReadingEngine } from '../../composition/index.ts';
import { serveConnections } from '../../http/index.ts';
import type { ConnectionServer, TokenBook } from '../../http/index.ts';
import { openServing } from '../../serving/index.ts';
import type { OpenedServing, Serving } from '../../serving/index.ts';
import { createRunners } from '../../worker/index.ts';
import type {
  AskArbiter,
  AskWorker,
  Changed,
  FromHttpWorker,
  Guarded,
  JournalLine,
  SharedStatus,
  ToHttpWorker,
  WorkerSetup,
} from '../messages.ts';
import { watchdogPipe } from '../messages.ts';
import { createCrashGuard } from './crash-guard.ts';
import { createGathering } from './gathering.ts';
import type { Gathering } from './gathering.ts';
import { remoteCounts } from './remote-counts.ts';
import { startRunClock } from './run-clock.ts';
import { createBatchingPause } from './batching-pause.ts';

export type Arbiter = {
  send(message: FromHttpWorker): void;
  ask(question: AskArbiter): Promise<unknown>;
};
export type HttpWorker = {
  handle(message: Exclude<ToHttpWorker, { kind: 'start' | 'answer' }>, handle?: Socket): void;
};
const stateMs = 250;

/** Opens engine and protocols, sends `up`, loads the models, sends `warm`. Rejects when it cannot: the arbiter starts another. */
export async function openHttpWorker(
  { setup, guarded }: { readonly setup: WorkerSetup; readonly guarded: Guarded },
  arbiter: Arbiter,
): Promise<HttpWorker> {
  const gathering = createGathering(arbiter.send);
  const clock = startRunClock(setup.watchdog, setup.timeoutMs);
  const guard = createCrashGuard(guarded, writeLine);
  const opened = await openReadingEngine({
    ...setup.engine,
    client: 'http',
    inProcess: {
      openRunner: guard.watch(clock.watch(createRunners())),
      // What hangs beside the event loop ends with this process, as what holds it up does.
      onLate: clock.expire,
    },
    writer: { change: gathering.change, ask: (call) => arbiter.ask({ kind: 'store', call }) },
    onObserved: gathering.observed,
    log: (level, text) => arbiter.send({ kind: 'log', level, text }),
  });
  const own = await openServing(opened, setup.serving);
  const pauseBatching = createBatchingPause(own);
  pauseBatching(guarded.isWatching);
  for (const id of setup.serving.unloaded) await own.unload(id);
  gathering.follow(own);
  const shared = shareServing(own, arbiter);
  const tokens = await openTokens(setup.http.tokenFile, setup.http.anyone.isControl);
  const server = await serveConnections({
    ...setup.http,
    serving: shared.serving,
    tokens: tokens && { find: (token) => tokens.book().find(token) },
    counts: remoteCounts({ ask: arbiter.ask, onAccess: gathering.access }),
    speaksGrpc: setup.speaksGrpc,
    log: (level, text) => arbiter.send({ kind: 'log', level, text }),
  });
  const parts: Parts = { own, server, gathering, tokens, arbiter };
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
          // First this: from here on a request may be under way, which must not be given to another worker as well.
          arbiter.send({ kind: 'taken' });
          if (!handle) return;
          if (message.protocol === 'http') server.takeHttp(handle, message.head);
          else server.takeGrpc(handle);
          break;
        case 'guard':
          guard.become(message.guarded);
          pauseBatching(message.guarded.isWatching);
          break;
        case 'status':
          shared.become(message.status);
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

type Parts = {
  readonly own: OpenedServing;
  readonly server: ConnectionServer;
  readonly gathering: Gathering;
  readonly tokens: { reread(): Promise<void> } | null;
  readonly arbiter: Arbiter;
};

/** Nothing is in the way of a run because it could not be written down. */
function writeLine(line: JournalLine): void {
  try {
    writeSync(watchdogPipe, `${JSON.stringify(line)}\n`);
  } catch {
    // The arbiter is busy or gone.
  }
}

async function answer({ own, gathering, tokens }: Parts, ask: AskWorker): Promise<unknown> {
  switch (ask.kind) {
    case 'flush':
      gathering.flush();
      return null;
    case 'tokens':
      await tokens?.reread();
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

function reportState({ own, arbiter }: Parts): void {
  const { queued, running, oldestWaitMs } = own.status();
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
    },
  });
}

/** Requests are answered here; what holds for all workers goes to the arbiter and comes from it. */
function shareServing(
  own: OpenedServing,
  arbiter: Arbiter,
): { serving: Serving; become(status: SharedStatus): void } {
  let status: SharedStatus | null = null;
  return {
    become: (next) => (status = next),
    serving: {
      ...own,
      status: () => ({ ...own.status(), ...status }),
      load: async ({ ref }) => (await arbiter.ask({ kind: 'load', ref })) as Changed,
      unload: async (model) => (await arbiter.ask({ kind: 'unload', model })) as Changed,
      resize: () => undefined,
    },
  };
}

/** The file was found right by the arbiter; where it cannot be read any more, the tokens before go on. */
async function openTokens(
  file: string | null,
  isControl: boolean,
): Promise<{ book(): TokenBook; reread(): Promise<void> } | null> {
  if (file === null) return null;
  const read = async (): Promise<TokenBook | null> => {
    const found = await tokenFile(file, { isControl });
    return found.ok ? found.value : null;
  };
  let book: TokenBook = (await read()) ?? { find: () => null };
  return { book: () => book, reread: async () => void (book = (await read()) ?? book) };
}
