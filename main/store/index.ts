import { defaultSettings } from '../../contract/settings.ts';
import type { StoreState } from '../../contract/status.ts';
import type { Store, StoreOptions } from './door.ts';
import { lifecyclePart } from './lifecycle-part.ts';
import type { ThreadStart } from './language.ts';
import { storeFile } from './place.ts';
import { seriesPart } from './series-part.ts';
import { parseSettings, settingTexts } from './stored-settings.ts';
import { tensorAnswersPart } from './tensor-answers-part.ts';
import { linkThread } from './thread-link.ts';
import type { ThreadLink } from './thread-link.ts';
import type { Threads } from './threads.ts';
import { tokensPart } from './tokens-part.ts';

export type * from './door.ts';
export type * from './lifecycle-door.ts';
export type * from './series-door.ts';
export type * from './tensor-answers-door.ts';
export type * from './tokens-door.ts';
export { resultKey } from './result-key.ts';

/** Starts the store's thread and opens, makes or replaces the store; comes back once that is settled. */
export async function openStore(options: StoreOptions): Promise<Store> {
  const start = {
    folder: options.folder,
    appVersion: options.appVersion,
    defaultCapBytes: defaultSettings.cacheCapBytes,
  };
  const threads = await startThreads(options.threadFile, start);
  const { ask, askReader, write } = threads;

  const settings = async () => parseSettings(await ask('settings', null, {}));
  return {
    state: threads.state,
    onState: threads.onState,

    digestOf: (file) => ask('digest-of', file, null),
    rememberFile: (file, digest) => write({ kind: 'remember-file', file, digest }),
    // "True" when it cannot be known: at worst a file is hashed for nothing.
    knowsSize: (size) => ask('knows-size', size, true),
    answer: (key) => ask('answer', key, null),
    lookup: (file, parts) =>
      ask('lookup', { file, parts }, { digest: null, sizeKnown: true, key: null, answer: null }),
    putAnswer: (key, answer, file) => write({ kind: 'put-answer', key, answer, file }),
    keepAnswer: async (key, kept) => void (await ask('keep-answer', { key, kept }, null)),

    startRun: async (head) => void (await ask('start-run', head, null)),
    addRunItem: (item) => write({ kind: 'add-run-item', item }),
    runPage: (query) => askReader('run-page', query, { rows: [], total: 0, all: 0, unsure: 0, faults: 0 }),
    runItem: (run, seq) => askReader('run-item', { run, seq }, null),
    runLabels: (run, limit) => askReader('run-labels', { run, limit }, []),
    runFaultSeqs: (run, limit) => askReader('run-fault-seqs', { run, limit }, []),

    settings,
    setSettings: async (patch) => {
      const texts = settingTexts(patch);
      // What was chosen just now is answered even when the disk takes nothing.
      return parseSettings({ ...(await ask('set-settings', texts, {})), ...texts });
    },

    saveProvider: (device, report) => write({ kind: 'save-provider', device, report }),
    providers: (device) => ask('providers', device, []),
    forgetProviders: async (device, model) => void (await ask('forget-providers', { device, model }, null)),
    saveShape: (device, report) => write({ kind: 'save-shape', device, report }),
    shapes: (device) => ask('shapes', device, []),
    saveGolden: (device, pack, result) => write({ kind: 'save-golden', device, pack, result }),
    golden: (device, pack) => ask('golden', { device, pack }, null),
    saveJoining: (device, model, verdict) =>
      write({ kind: 'save-joining', place: { device, model }, verdict }),
    joining: (device, model) => ask('joining', { device, model }, null),

    cacheStats: async () => {
      const none = { answers: 0, kept: 0, inputs: 0, sizeBytes: 0, oldestAt: null, models: [] };
      const [stats, { cacheCapBytes }] = await Promise.all([
        askReader('cache-stats', null, none),
        settings(),
      ]);
      return { ...stats, capBytes: cacheCapBytes };
    },
    history: (query) => askReader('history', query, []),
    purge: (query) => ask('purge', query, { removed: 0 }),
    verifyCache: () =>
      askReader('verify', null, { checked: 0, damaged: [], integrity: 'the store did not answer' }),

    ...lifecyclePart(threads),
    ...seriesPart(threads),
    ...tensorAnswersPart(threads),
    ...tokensPart(threads),

    copyTo: (file) => ask('copy-to', file, false),
    flush: async () => void (await ask('flush', null, null)),
    close: threads.close,
  };
}

async function startThreads(file: string, start: Omit<ThreadStart, 'role'>): Promise<Threads> {
  const listeners = new Set<(state: StoreState) => void>();
  let state: StoreState = { kind: 'ready', file: storeFile(start.folder) };
  let isInMemory = false;
  let written = 0;
  let flushed = 0;
  let reader: ThreadLink | null = null;

  const become = (next: StoreState): void => {
    state = next;
    for (const listener of listeners) listener(next);
  };
  const onLost = (reason: string): void => become({ kind: 'read-only', file: state.file, reason });
  const writer = await new Promise<ThreadLink>((resolve) => {
    const link = linkThread(
      file,
      { ...start, role: 'writer' },
      {
        onState: (next, inMemory) => {
          isInMemory = inMemory;
          become(next);
          resolve(link);
        },
        onLost: (reason) => {
          onLost(reason);
          resolve(link);
        },
      },
    );
  });

  const ask: Threads['ask'] = async (name, input, otherwise) => {
    const reply = await writer.ask(name, input);
    return reply.ok ? reply.value : otherwise;
  };
  const askReader: Threads['ask'] = async (name, input, otherwise) => {
    if (flushed < written) {
      const upTo = written;
      await ask('flush', null, null);
      flushed = Math.max(flushed, upTo);
    }
    // What is in memory alone has one connection.
    if (isInMemory) return ask(name, input, otherwise);
    reader ??= linkThread(
      file,
      { ...start, role: 'reader' },
      { onState: () => {}, onLost: () => (reader = null) },
    );
    const reply = await reader.ask(name, input);
    // The writer may answer where the reader could not: it notices damage and replaces the store.
    return reply.ok ? reply.value : ask(name, input, otherwise);
  };

  return {
    ask,
    askReader,
    write: (write) => {
      written += 1;
      writer.write(write);
    },
    state: () => state,
    onState: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: async () => {
      const links = reader ? [reader, writer] : [writer];
      for (const link of links) {
        await link.ask('close', null);
        await link.ended;
      }
    },
  };
}
