import { rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { nodeModules, root } from '../setup/paths.mjs';

const built = new Map();

/** The JavaScript file of a TypeScript file of this repository, bundled below node_modules, from where packages resolve. */
export function builtSource(file) {
  if (!built.has(file)) built.set(file, build(file));
  return built.get(file);
}

async function build(file) {
  const name = file.replace(/\W+/gu, '-').replace(/-ts$/u, '');
  const folder = path.join(nodeModules, '.cache', 'outpost-bench', `${name}-${process.pid}`);
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
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
  return path.join(folder, 'entry.mjs');
}

export const importSource = async (file) => import(pathToFileURL(await builtSource(file)).href);

/** The engine on `data`, with workers as child processes. */
export async function openBenchEngine(data, override = {}) {
  const { openEngine } = await importSource('main/composition/index.ts');
  const { nodeStartWorker } = await importSource('main/engine/index.ts');
  const [worker, store] = [
    await builtSource('main/worker/process.ts'),
    await builtSource('main/store/thread/entry.ts'),
  ];
  return openEngine({
    dataFolder: data,
    modelFolders: [path.join(root, 'models')],
    entries: { worker, store },
    startWorker: nodeStartWorker(worker),
    appVersion: '0.1.0',
    override,
    log: (level, text) => process.env.OUTPOST_BENCH_VERBOSE && console.error(`${level}: ${text}`),
  });
}
