import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** The only reader of environment variables besides the entry files. */
export const env = (name: string): string | undefined => process.env[name];

/** Sets a variable for the C library of this process and for its children. */
export function setEnv(name: string, value: string): void {
  process.env[name] = value;
}

/** The environment of a child process: this process's own, with these variables on top. */
export const inheritedEnv = (extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...extra,
});

/** An absolute path from an environment variable; empty and relative values count as unset, as in the XDG standard. */
export const absolute = (value: string | undefined): string | null =>
  value !== undefined && isAbsolute(value) ? value : null;

/** Folder of results, settings and the log: `--data`, then OUTPOST_DATA, then the platform's per-user data folder. */
export function dataFolder(option?: string): string {
  const chosen = option ?? env('OUTPOST_DATA');
  if (chosen) return resolve(chosen);
  const home = homeFolder();
  if (process.platform === 'win32')
    return join(absolute(env('LOCALAPPDATA')) ?? join(home, 'AppData', 'Local'), 'Outpost');
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'Outpost');
  return join(absolute(env('XDG_DATA_HOME')) ?? join(home, '.local', 'share'), 'outpost');
}

/**
 * The user's home folder; for a user id without one the root folder, where the store then reports that it cannot write.
 */
function homeFolder(): string {
  for (const ask of [homedir, () => userInfo().homedir]) {
    try {
      const home = absolute(ask());
      if (home !== null) return home;
    } catch {
      // In a container the user id may have no entry in the list of users.
    }
  }
  return resolve('/');
}
