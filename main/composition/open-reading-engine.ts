import { join } from 'node:path';
import { availableCores } from '../lib/capacity.ts';
import { Disposer } from '../lib/disposer.ts';
import { openSocketFolder } from '../lib/scratch.ts';
import { openLibrary, openPackStore } from '../packs/index.ts';
import type { Library } from '../packs/index.ts';
import { openStoreReading } from '../store/index.ts';
import type { WriterElsewhere } from '../store/index.ts';
import { createEngine, nodeStartWorker, offeredProviders } from '../engine/index.ts';
import type { Engine, LocalLinkParts, Observation } from '../engine/index.ts';
import { followVersions, lateHooks } from '../lifecycle/index.ts';
import { packFolders, withoutGaps } from './open-engine.ts';
import type { OpenEngineOptions } from './open-engine.ts';

export type OpenReadingEngineOptions = Pick<
  OpenEngineOptions,
  'dataFolder' | 'modelFolders' | 'entries' | 'appVersion' | 'override' | 'limits' | 'client' | 'log'
> & {
  readonly device: string;
  readonly inProcess: LocalLinkParts;
  /** The process that writes the store and decides about versions. */
  readonly writer: WriterElsewhere;
  readonly onObserved: (observation: Observation) => void;
};
type OpenedReadingEngine = {
  readonly engine: Engine;
  readonly library: Library;
  rescan(): Promise<void>;
  close(options?: { graceMs?: number }): Promise<void>;
};

/** The engine of a process that runs models itself and changes nothing on disk: it reads the store and the packs. */
export async function openReadingEngine(options: OpenReadingEngineOptions): Promise<OpenedReadingEngine> {
  const { dataFolder, entries, appVersion, override, limits, log } = options;
  const disposer = new Disposer();
  try {
    const packStore = openPackStore({ folder: join(dataFolder, 'packs'), appVersion });
    const sockets = await openSocketFolder('workers');
    disposer.add(sockets.close);
    const folders = packFolders(options.modelFolders, packStore);
    const library = await openLibrary({ folders, appVersion });
    const store = await openStoreReading(dataFolder, options.writer);
    disposer.add(() => store.close());
    const { hooks, fill } = lateHooks();
    const { engine } = await createEngine(
      {
        startWorker: nodeStartWorker(entries.worker, true),
        inProcess: options.inProcess,
        store,
        library,
        socketFolder: sockets.path,
        appVersion,
        cores: availableCores(),
        device: options.device,
        offeredProviders: offeredProviders(),
        log,
        ...(override && { override: withoutGaps(override) }),
        ...(limits && { limits }),
        ...(options.client && { client: options.client }),
      },
      hooks,
    );
    fill(await followVersions({ store, packStore, library, log, onObserved: options.onObserved }));
    let closing: Promise<void> | null = null;
    return {
      engine,
      library,
      // Whoever decides about versions starts this process anew.
      rescan: () => Promise.resolve(),
      close: (how) => (closing ??= engine.close(how).finally(() => disposer.close())),
    };
  } catch (error) {
    await disposer.close();
    throw error;
  }
}
