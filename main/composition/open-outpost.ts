import type { UpdatesState } from '../../contract/lifecycle/update.ts';
import type { PackStore } from '../packs/index.ts';
import type { Store } from '../store/index.ts';
import type { Departure } from '../departure/index.ts';
import { createDeparture } from '../departure/index.ts';
import type { Engine } from '../engine/index.ts';
import type { UpdateFetcher } from '../lifecycle/index.ts';
import { openEngine } from './open-engine.ts';
import type { OpenedEngine, OpenEngineOptions } from './open-engine.ts';

export type UpdateParts = {
  readonly store: Store;
  readonly packStore: PackStore;
  readonly settings: Engine['settings']['get'];
};
type UpdatesPort = UpdateFetcher & { state(): UpdatesState; close(): Promise<void> };
type OpenOutpostOptions<U extends UpdatesPort> = Omit<OpenEngineOptions, 'fetcher'> & {
  /** Opens main/updates, which the engine knows by its port alone. */
  readonly openUpdates: (parts: UpdateParts) => Promise<U>;
};
export type OpenedOutpost<U extends UpdatesPort> = OpenedEngine & {
  /** Opened when first asked for: a prediction never waits for the verifier to load. */
  readonly updates: () => Promise<U>;
  readonly departure: Departure;
};

/** What every client shares: engine, store, packs, lifecycle, and the updates that fetch new versions. */
export async function openOutpost<U extends UpdatesPort>({
  openUpdates,
  ...options
}: OpenOutpostOptions<U>): Promise<OpenedOutpost<U>> {
  let opening: Promise<U> | null = null;
  const updates = (): Promise<U> =>
    (opening ??= openUpdates({
      store: opened.store,
      packStore: opened.packStore,
      settings: opened.engine.settings.get,
    }));
  const opened: OpenedEngine = await openEngine({
    ...options,
    fetcher: {
      check: async (request, how) => (await updates()).check(request, how),
      fetch: async (request) => (await updates()).fetch(request),
    },
  });
  const { engine, store, library } = opened;
  const departure = createDeparture({
    engine,
    store,
    library,
    dataFolder: options.dataFolder,
    appVersion: options.appVersion,
    feed: async () => {
      const last = (await updates()).state().lastCheck;
      return last && { ...last.dates, publisher: last.publisher };
    },
  });
  return {
    ...opened,
    updates,
    departure,
    close: async (how) => {
      if (opening) await (await opening).close();
      await opened.close(how);
    },
  };
}
