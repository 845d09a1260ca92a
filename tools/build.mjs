// `npm run build`: builds main, preload and renderer into out/ when a source has changed since the last build.
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fingerprint, nodeModules, readText, root } from './setup/paths.mjs';

const rooms = ['contract', 'main', 'preload', 'renderer'];
const settings = ['electron.vite.config.ts', 'package.json', 'package-lock.json', 'tsconfig.base.json'];
const stampFile = path.join(root, 'out', '.stamp');

/** Whether out/ was built from the sources as they are now. */
export function isCurrent() {
  return existsSync(path.join(root, 'out', 'main', 'cli.js')) && readText(stampFile) === sourcePrint();
}

/** Builds when needed. Returns whether it built; throws with the builder's output when that fails. */
export async function ensureBuilt({ log = () => {} } = {}) {
  if (isCurrent()) return false;
  // Loaded only when there is work: the command line's first answer waits for this file.
  const { withLock } = await import('./setup/lock.mjs');
  const { run, tail } = await import('./setup/run.mjs');
  return withLock(path.join(nodeModules, '.outpost-build.lock'), log, async () => {
    if (isCurrent()) return false;
    const print = sourcePrint();
    rmSync(stampFile, { force: true });
    const electronVite = path.join(nodeModules, 'electron-vite', 'bin', 'electron-vite.js');
    const { code, output, error } = await run(process.execPath, [electronVite, 'build'], { cwd: root });
    if (code !== 0) throw new Error(`The build failed.\n        ${error?.message ?? tail(output, 40)}`);
    mkdirSync(path.dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, print);
    return true;
  });
}

function sourcePrint() {
  const files = settings.map((name) => path.join(root, name));
  for (const room of rooms) collect(path.join(root, room), files);
  return fingerprint(files, ...files.map((file) => path.relative(root, file)));
}

function collect(folder, files) {
  if (!existsSync(folder)) return;
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) collect(full, files);
    else if (entry.isFile()) files.push(full);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const begun = performance.now();
  try {
    const built = await ensureBuilt({ log: console.log });
    console.log(
      `${built ? 'Built' : 'Nothing changed'} (${((performance.now() - begun) / 1000).toFixed(2)} s)`,
    );
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
