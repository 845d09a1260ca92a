import { join } from 'node:path';
import type { UpdateParts } from '../engine/index.ts';
import { isConnectionMetered } from '../lib/metered.ts';
import type { Updates } from '../updates/door.ts';
import { twoCopies } from '../updates/ratchets-door.ts';
import type { Log } from './log.ts';

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
  const isMetered = await isConnectionMetered();
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
  return updates;
}
