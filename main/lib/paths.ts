import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** The one place, with the entries, that reads the environment. */
export const env = (name: string): string | undefined => process.env[name];

/** The whole environment with a few names on top, as a child process gets it. */
export const inheritedEnv = (extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...extra,
});

/** Where results, settings and the log live: `--data`, then OUTPOST_DATA, then the platform's per-user data folder. */
export function dataFolder(option?: string): string {
  const chosen = option ?? env('OUTPOST_DATA');
  if (chosen) return resolve(chosen);
  const home = homedir();
  if (process.platform === 'win32')
    return join(env('LOCALAPPDATA') ?? join(home, 'AppData', 'Local'), 'Outpost');
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'Outpost');
  return join(env('XDG_DATA_HOME') ?? join(home, '.local', 'share'), 'outpost');
}
