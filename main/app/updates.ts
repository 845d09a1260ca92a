import { join } from 'node:path';
import type { UpdateParts } from '../composition/index.ts';
import { isConnectionMetered } from '../lib/metered.ts';
import type { Updates } from '../updates/index.ts';
import type { Log } from './log.ts';
import type { Network } from './network.ts';

/** Poll interval: laptops change networks. */
const meteredEveryMs = 60_000;

type AppUpdatesParts = {
  readonly data: string;
  readonly log: Log;
  readonly network: () => Promise<Network>;
  readonly onChange: () => void;
};

/** Updates in the app, over its one network. */
export async function openAppUpdates(
  { store, packStore, settings }: UpdateParts,
  { data, log, network, onChange }: AppUpdatesParts,
): Promise<Updates> {
  // The verifier and the updater are loaded when they are first asked for, not at the start.
  const { firstRoots, openUpdates, twoCopies } = await import('../updates/index.ts');
  const { executor, learn } = await network();
  let isMetered = await isConnectionMetered();
  const again = setInterval(() => {
    void isConnectionMetered().then((now) => (isMetered = now));
  }, meteredEveryMs).unref();
  const updates = await openUpdates({
    trustFolder: join(data, 'trust'),
    firstRoots,
    ratchets: twoCopies({ store, packStore }),
    settings,
    now: () => new Date(),
    log: (level, text) => log.write(level, text),
    httpExecutor: executor,
    isUnmetered: () => !isMetered,
  });
  updates.onChange(onChange);
  return {
    ...updates,
    check: async (request, options) => {
      await learn(request.source);
      return updates.check(request, options);
    },
    fetch: async (request) => {
      await learn(request.source);
      return updates.fetch(request);
    },
    appOffer: async (source, platform) => {
      await learn(source);
      return updates.appOffer(source, platform);
    },
    close: async () => {
      clearInterval(again);
      await updates.close();
    },
  };
}
