import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { nodeModules, root } from '../setup/paths.mjs';

/** Imports TypeScript of this repository: bundled below node_modules, from where packages resolve. */
export async function importSource(file) {
  const name = `${path.basename(file, '.ts')}-${createHash('sha256').update(file).digest('hex').slice(0, 8)}`;
  const folder = path.join(nodeModules, '.cache', 'outpost-bench', name);
  const bundle = await rolldown({
    input: { entry: path.join(root, file) },
    platform: 'node',
    external: (id) => id.startsWith('node:') || !(id.startsWith('.') || path.isAbsolute(id)),
  });
  await bundle.write({
    dir: folder,
    format: 'esm',
    entryFileNames: '[name].mjs',
    chunkFileNames: 'chunk-[hash].mjs',
  });
  await bundle.close();
  const built = path.join(folder, 'entry.mjs');
  // The address changes with the content, so that Node's module cache never answers with what was there before.
  const print = createHash('sha256').update(readFileSync(built)).digest('hex').slice(0, 12);
  return import(`${pathToFileURL(built).href}?${print}`);
}

/** The engine on `data`, with the built workers and store. */
export async function openBenchEngine(data, override = {}) {
  const { openEngine, nodeStartWorker } = await importSource('main/engine/index.ts');
  const entry = (name) => path.join(root, 'out', 'main', `${name}.js`);
  if (!existsSync(entry('worker'))) throw new Error('Nothing is built yet: npm run build.');
  return openEngine({
    dataFolder: data,
    modelFolders: [path.join(root, 'models')],
    entries: { worker: entry('worker'), store: entry('store') },
    startWorker: nodeStartWorker(entry('worker')),
    appVersion: '0.0.0-bench',
    override,
    log: (level, text) => process.env.OUTPOST_BENCH_VERBOSE && console.error(`${level}: ${text}`),
  });
}
