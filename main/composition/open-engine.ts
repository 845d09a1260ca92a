import { join } from 'node:path';
import type { ClientName } from '../../contract/serving/serving.ts';
import type { Settings } from '../../contract/settings.ts';
import { availableCores } from '../lib/capacity.ts';
import { Disposer } from '../lib/disposer.ts';
import { openSocketFolder } from '../lib/scratch.ts';
import { openLibrary, openPackStore } from '../packs/index.ts';
import type { Library, PackFolder, PackStore } from '../packs/index.ts';
import { openStore } from '../store/index.ts';
import type { Store } from '../store/index.ts';
import {
  deviceName,
  offeredProviders,
  startEarly,
  createEngine,
  openMemoryFolder,
  nodeStartWorker,
} from '../engine/index.ts';
import type {
  Engine,
  EngineLimits,
  EnginePorts,
  LocalLinkParts,
  Observation,
  StartWorker,
} from '../engine/index.ts';
import { createMeter } from '../monitor/index.ts';
import type { Meter } from '../monitor/index.ts';
import type { Lifecycle, UpdateFetcher } from '../lifecycle/index.ts';
import { connectLifecycle, lateHooks } from '../lifecycle/index.ts';

export type OpenEngineOptions = {
  readonly dataFolder: string;
  /** The first that is only named is the one that came with Outpost; the others are a person's own. */
  readonly modelFolders: readonly (string | PackFolder)[];
  /** Built files. */
  readonly entries: { readonly worker: string; readonly store: string };
  /** Absent: child processes of plain Node. */
  readonly startWorker?: StartWorker;
  /** Models run in this very process; what is only tried still has worker processes. */
  readonly inProcess?: LocalLinkParts;
  readonly appVersion: string;
  readonly override?: Partial<Settings>;
  readonly limits?: Partial<EngineLimits>;
  readonly log: EnginePorts['log'];
  /** Absent: this computer with its drivers and runtime; what is proved and measured holds for this name alone. */
  readonly device?: string;
  /** Absent: what this platform may offer. */
  readonly offeredProviders?: readonly string[];
  /** Large tensors and photos go to workers through the computer's memory, where the system has a folder for that. */
  readonly sharesMemory?: boolean;
  /** One worker starts at once, while packs and store are opened: for who will ask as soon as they are. */
  readonly startsEarly?: boolean;
  /** Absent: asks the system about its power and heat. */
  readonly power?: EnginePorts['power'];
  readonly heat?: EnginePorts['heat'];
  /** The client of requests that name none; absent: the window. */
  readonly client?: ClientName;
  /** What fetches new versions; absent: only what is on this computer can be installed. */
  readonly fetcher?: UpdateFetcher;
  /** Stands between the lifecycle and what it writes; tests end the process there. */
  readonly around?: (parts: { store: Store; packStore: PackStore }) => { store: Store; packStore: PackStore };
};
export type OpenedEngine = {
  readonly engine: Engine;
  readonly store: Store;
  readonly library: Library;
  readonly packStore: PackStore;
  readonly lifecycle: Lifecycle;
  /** Reads the packs on disk anew. */
  rescan(): Promise<void>;
  readonly meter: Meter;
  /** How a request ended that another process answered, for a version that is on watch. */
  observe(observation: Observation): void;
  close(options?: { graceMs?: number }): Promise<void>;
};

/** Store, library and engine on a data folder; `close` ends all of it in the right order. */
export async function openEngine(options: OpenEngineOptions): Promise<OpenedEngine> {
  const { dataFolder, entries, appVersion, override, limits, log } = options;
  const disposer = new Disposer();
  try {
    const packStore = openPackStore({ folder: join(dataFolder, 'packs'), appVersion });
    const folders = packFolders(options.modelFolders, packStore);
    // One after the other: what is open when the next one fails is closed, or its thread would keep the process alive.
    const sockets = await openSocketFolder('workers');
    disposer.add(sockets.close);
    const startWorker = options.startWorker ?? nodeStartWorker(entries.worker);
    const early = options.startsEarly ? startEarly({ startWorker, socketFolder: sockets.path, log }) : null;
    if (early) disposer.add(early.close);
    const opening = openLibrary({ folders, appVersion });
    // Packs are read while the store opens; a failure of that surfaces below.
    opening.catch(() => undefined);
    const store = await openStore({ folder: dataFolder, threadFile: entries.store, appVersion });
    disposer.add(() => store.close());
    const library = await opening;
    const memoryFolder = options.sharesMemory ? await openMemoryFolder() : null;
    if (memoryFolder !== null) disposer.add(memoryFolder.close);
    const { hooks, fill } = lateHooks();
    const { engine, internals } = await createEngine(
      {
        startWorker,
        ...(options.inProcess && { inProcess: options.inProcess }),
        store,
        library,
        socketFolder: sockets.path,
        ...(memoryFolder !== null && { memoryFolder: memoryFolder.path }),
        appVersion,
        cores: availableCores(),
        device: options.device ?? (await deviceName(availableCores())),
        offeredProviders: options.offeredProviders ?? offeredProviders(),
        log,
        ...(override && { override: withoutGaps(override) }),
        ...(limits && { limits }),
        ...(options.client && { client: options.client }),
        ...(options.power && { power: options.power }),
        ...(options.heat && { heat: options.heat }),
      },
      hooks,
      early,
    );
    const fetcher = options.fetcher ?? null;
    const written = options.around?.({ store, packStore }) ?? { store, packStore };
    const parts = { ...written, library, fetcher, dataFolder, appVersion, log };
    const lifecycle = await connectLifecycle(parts, internals, fill);
    const meter = createMeter({ store, status: engine.workers.status, log });
    engine.onServed(meter.record);
    let closing: Promise<void> | null = null;
    return {
      engine,
      store,
      library,
      packStore,
      lifecycle,
      rescan: lifecycle.rescan,
      meter,
      observe: hooks.observe,
      close: (how) => {
        lifecycle.close();
        return (closing ??= engine.close(how).finally(() => {
          meter.close();
          return disposer.close();
        }));
      },
    };
  } catch (error) {
    await disposer.close();
    throw error;
  }
}

/** What a person installed comes behind what came with Outpost: the same version twice is one. */
export function packFolders(
  given: OpenEngineOptions['modelFolders'],
  { folder: path }: Pick<PackStore, 'folder'>,
): readonly PackFolder[] {
  const [first, ...others] = given.map((folder, at): PackFolder =>
    typeof folder === 'string' ? { path: folder, trust: at === 0 ? 'built-in' : 'local' } : folder,
  );
  const installed: PackFolder = { path, trust: 'local', hasReceipts: true };
  return [...(first ? [first] : []), installed, ...others];
}

/** An option that was not given does not hide the setting below it. */
export function withoutGaps(override: Partial<Settings>): Partial<Settings> {
  return Object.fromEntries(Object.entries(override).filter(([, value]) => value !== undefined));
}
