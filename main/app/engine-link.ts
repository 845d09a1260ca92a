import { join } from 'node:path';
import { app } from 'electron';
import { openOutpost, type BuildRunnerParts } from '../composition/index.ts';
import type { Updates } from '../updates/index.ts';
import type { Opened } from './calls/index.ts';
import { stackOf } from '../lib/error-text.ts';
import { systemHeat } from './heat.ts';
import type { Log } from './log.ts';
import type { Network } from './network.ts';
import { comeBack } from './outpost-update.ts';
import { maxQueue } from './server.ts';
import { openAppUpdates } from './updates.ts';
import { utilityStartWorker } from './utility-worker.ts';

/** Lazy access to the engine for parts that are created before it is open. */
export type EngineLink = {
  opened(): Promise<Opened>;
  engine(): Promise<Opened['engine']>;
  updates(): Promise<Updates>;
  /** Resolves when the first worker has loaded the model, or could not. */
  readonly warmed: Promise<void>;
};
type EngineLinkParts = {
  readonly data: string;
  /** Folders with packs besides those that ship with the program. */
  readonly models: readonly string[];
  readonly runner: BuildRunnerParts;
  readonly network: () => Promise<Network>;
  readonly onUpdatesChanged: () => void;
  readonly log: Log;
};

/** Deferred by one turn of the event loop: the window comes first. */
export function openEngineLink(parts: EngineLinkParts): EngineLink {
  const { data, log } = parts;
  const opening = comeBack(data, log)
    .catch((error: unknown) => log.write('error', `coming back: ${stackOf(error)}`))
    .then(() => open(parts));
  return {
    opened: () => opening,
    engine: async () => (await opening).engine,
    updates: async () => (await opening).updates(),
    warmed: warm(opening, log),
  };
}

/** Where the built files lie, and how workers are started. */
export function runnerParts(environment: NodeJS.ProcessEnv, log: Log): BuildRunnerParts {
  const built = join(app.getAppPath(), 'out', 'main');
  const worker = join(built, 'worker.js');
  return {
    entries: { worker, store: join(built, 'store.js') },
    startWorker: utilityStartWorker({ file: worker, environment, log }),
    appVersion: app.getVersion(),
    log: (level, text) => log.write(level, text),
  };
}

function open({ data, models, runner, network, onUpdatesChanged, log }: EngineLinkParts): Promise<Opened> {
  const resources = app.isPackaged ? process.resourcesPath : app.getAppPath();
  const opening = openOutpost<Updates>({
    dataFolder: data,
    modelFolders: [join(resources, 'models'), ...models],
    ...runner,
    startsEarly: true,
    limits: { maxQueued: maxQueue },
    ...(systemHeat && { heat: systemHeat }),
    openUpdates: (parts) => openAppUpdates(parts, { data, log, network, onChange: onUpdatesChanged }),
  });
  opening.catch((error: unknown) => log.write('error', `the engine did not open: ${stackOf(error)}`));
  return opening;
}

/** Start the worker in parallel with the page: together they make up the start-up time. */
async function warm(opening: Promise<Opened>, log: Log): Promise<void> {
  const opened = await opening.catch(() => null);
  const done = await opened?.engine.warm();
  if (done && !done.ok) log.write('warn', `the model did not get warm: ${done.fault.code}`);
}
