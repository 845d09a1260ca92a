import { join } from 'node:path';
import { session } from 'electron';
import type { UpdateParts } from '../engine/index.ts';
import type { UpdateSource } from '../../contract/update.ts';
import { isConnectionMetered } from '../lib/metered.ts';
import type { Updates } from '../updates/door.ts';
import { twoCopies } from '../updates/ratchets-door.ts';
import type { Log } from './log.ts';
import { createSystemProxy } from './system-proxy.ts';

/** A laptop that leaves the house changes its network. */
const meteredEveryMs = 60_000;

/** Updates in the app: Node's network, since Chromium's looks up no name here, by the proxy that the system names. */
export async function openAppUpdates(
  { store, shelf, settings }: UpdateParts,
  { data, log, onChange }: { readonly data: string; readonly log: Log; readonly onChange: () => void },
): Promise<Updates> {
  // The verifier and the updater are loaded when they are first asked for, not at the start.
  const { firstRoots, nodeHttpExecutor, openUpdates, proxyFor } = await import('../updates/index.ts');
  const proxy = createSystemProxy(session.defaultSession, proxyFor);
  let isMetered = await isConnectionMetered();
  const again = setInterval(() => {
    void isConnectionMetered().then((now) => (isMetered = now));
  }, meteredEveryMs).unref();
  const updates = await openUpdates({
    trustFolder: join(data, 'trust'),
    firstRoots,
    ratchets: twoCopies({ store, shelf }),
    settings,
    now: () => new Date(),
    log: (level, text) => log.write(level, text),
    httpExecutor: nodeHttpExecutor(proxy.proxyOf),
    isUnmetered: () => !isMetered,
  });
  updates.onChange(onChange);
  const learn = async (source: UpdateSource): Promise<void> => {
    if (source.kind === 'http') await proxy.learn(source.address);
  };
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
