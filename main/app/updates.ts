import { join } from 'node:path';
import type { UpdateParts } from '../engine/index.ts';
import { isConnectionMetered } from '../lib/metered.ts';
import type { Updates } from '../updates/door.ts';
import { twoCopies } from '../updates/ratchets-door.ts';
import type { Log } from './log.ts';

/** A laptop that leaves the house changes its network. */
const meteredEveryMs = 60_000;

/** Updates in the app: Electron's own network stack, and with it the proxy that the system has. */
export async function openAppUpdates(
  { store, shelf, settings }: UpdateParts,
  { data, log, onChange }: { readonly data: string; readonly log: Log; readonly onChange: () => void },
): Promise<Updates> {
  // The verifier and the updater are loaded when they are first asked for, not at the start.
  const [{ firstRoots, openUpdates }, { ElectronHttpExecutor }] = await Promise.all([
    import('../updates/index.ts'),
    import('electron-updater/out/electronHttpExecutor.js'),
  ]);
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
    httpExecutor: new ElectronHttpExecutor(),
    isUnmetered: () => !isMetered,
  });
  updates.onChange(onChange);
  return {
    ...updates,
    close: async () => {
      clearInterval(again);
      await updates.close();
    },
  };
}
