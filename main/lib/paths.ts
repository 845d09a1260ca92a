import { homedir, userInfo } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** The one place, with the entries, that reads the environment. */
export const env = (name: string): string | undefined => process.env[name];

/** For the C library of this very process and of those it starts. */
export function setEnv(name: string, value: string): void {
  process.env[name] = value;
}

/** The whole environment with a few names on top, as a child process gets it. */
export const inheritedEnv = (extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv => ({
  ...process.env,
  ...extra,
});

/** A folder named in the environment; one that is empty or relative counts as not named, as the XDG standard has it. */
export const absolute = (value: string | undefined): string | null =>
  value !== undefined && isAbsolute(value) ? value : null;

/** Where results, settings and the log live: `--data`, then OUTPOST_DATA, then the platform's per-user data folder. */
export function dataFolder(option?: string): string {
  const chosen = option ?? env('OUTPOST_DATA');
  if (chosen) return resolve(chosen);
  const home = homeFolder();
  if (process.platform === 'win32')
    return join(absolute(env('LOCALAPPDATA')) ?? join(home, 'AppData', 'Local'), 'Outpost');
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'Outpost');
  return join(absolute(env('XDG_DATA_HOME')) ?? join(home, '.local', 'share'), 'outpost');
}

/** The user's home; the root, where the store finds that it may not be written to, for a user id without one. */
function homeFolder(): string {
  for (const ask of [homedir, () => userInfo().homedir]) {
    try {
      const home = absolute(ask());
      if (home !== null) return home;
    } catch {
      // A container may give a process a user id that has no entry in the list of users.
    }
  }
  return resolve('/');
}
