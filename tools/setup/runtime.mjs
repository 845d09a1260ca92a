import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ensureFallback, fallbackAvailable, fallbackIsThere } from './fallback.mjs';
import { nodeModules, readText } from './paths.mjs';
import { SetupError } from './report.mjs';
import { run, tail } from './run.mjs';

const home = path.join(nodeModules, 'electron');

/**
 * Finds or fetches an Electron runtime. Its value is `{ executable, dist, version }`; `dist` is the folder to name in
 * ELECTRON_OVERRIDE_DIST_PATH, and undefined where Electron's own binary lies in its own place.
 */
export async function ensureRuntime(note) {
  const own = ownRuntime();
  if (own) return { text: `Electron ${own.version}`, value: own };
  if (fallbackIsThere()) return fallbackResult('is in the cache', await ensureFallback(note));

  note('fetching the Electron binary …');
  const install = await run(process.execPath, [path.join(home, 'install.js')], { cwd: home });
  const fetched = install.code === 0 ? ownRuntime() : undefined;
  if (fetched) return { text: `Electron ${fetched.version} fetched`, value: fetched };

  if (!fallbackAvailable) {
    throw new SetupError(
      'The Electron runtime could not be fetched.',
      tail(install.output, 3),
      'Connect to the internet (or set ELECTRON_MIRROR to a mirror that can be reached) and run the command again. The command line needs no Electron: npx outpost --help',
    );
  }
  note('the Electron binary cannot be had here; taking the pinned fallback for development and tests …');
  return fallbackResult('made', await ensureFallback(note));
}

function fallbackResult(how, value) {
  return { text: `Electron ${value.version}, the fallback for development and tests, ${how}`, value };
}

function ownRuntime() {
  const wanted = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')).version;
  const there = readText(path.join(home, 'dist', 'version'))?.replace(/^v/, '');
  const file = readText(path.join(home, 'path.txt'));
  if (there !== wanted || !file) return undefined;
  const executable = path.join(home, 'dist', file);
  return existsSync(executable) ? { executable, dist: undefined, version: wanted } : undefined;
}
