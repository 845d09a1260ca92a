import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout. */
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** The user's cache folder for this project: what set-up fetched or built and a fresh clone can use again. */
export const cacheRoot = path.join(cacheHome(), 'outpost');

export const nodeModules = path.join(root, 'node_modules');

/** The user's folder for caches; empty and relative names count as not given. */
export function cacheHome() {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME)) return XDG_CACHE_HOME;
  if (process.platform === 'win32' && LOCALAPPDATA && path.isAbsolute(LOCALAPPDATA)) return LOCALAPPDATA;
  const home = homeFolder();
  return process.platform === 'darwin' ? path.join(home, 'Library', 'Caches') : path.join(home, '.cache');
}

/** The user's home; the folder for temporary files where a user id has none. */
function homeFolder() {
  for (const ask of [os.homedir, () => os.userInfo().homedir]) {
    try {
      const home = ask();
      if (path.isAbsolute(home)) return home;
    } catch {
      // A container may give a process a user id that has no entry in the list of users.
    }
  }
  return path.join(os.tmpdir(), `outpost-home-${process.getuid?.() ?? 0}`);
}

/** SHA-256, in hex, of several files' bytes and further values. A missing file counts as empty. */
export function fingerprint(files, ...values) {
  const hash = createHash('sha256');
  for (const file of files) hash.update(existsSync(file) ? readFileSync(file) : '').update('\0');
  for (const value of values) hash.update(String(value)).update('\0');
  return hash.digest('hex');
}

export function readText(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return undefined;
  }
}
