import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { env, setEnv } from '../lib/paths.ts';

/** What the runtime says of a text model whose locale this system does not have. */
export const lacksLocale = (error: unknown): boolean =>
  error instanceof Error && /construct locale/iu.test(error.message);

/**
 * Lets the C library find the locale that came with Outpost, behind those that LOCPATH names already; false where that
 * changes nothing. Only asked for when a model needs it: with LOCPATH set, glibc no longer looks into the archive of
 * the system's own locales.
 */
export function nameShippedLocale(): boolean {
  if (process.platform !== 'linux') return false;
  const folder = folderAround(dirname(fileURLToPath(import.meta.url)));
  const known = env('LOCPATH')?.split(':') ?? [];
  if (folder === null || known.includes(folder)) return false;
  setEnv('LOCPATH', [...known, folder].filter((each) => each !== '').join(':'));
  return true;
}

/** Beside the built worker, or in the checkout. The C library reads no archive of Electron's. */
function folderAround(start: string): string | null {
  for (let at = start; ; at = dirname(at)) {
    for (const name of ['locale', join('main', 'worker', 'locale')]) {
      const folder = join(at, name).replace(/app\.asar(?=[\\/])/u, 'app.asar.unpacked');
      if (existsSync(join(folder, 'en_US.utf8', 'LC_CTYPE'))) return folder;
    }
    if (dirname(at) === at) return null;
  }
}
