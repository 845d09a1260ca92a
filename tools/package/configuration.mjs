import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { nodeModules, root } from '../setup/paths.mjs';

const load = createRequire(import.meta.url);
const rebuilt = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';

/**
 * electron-builder.yml as it is; over the fallback runtime with that runtime's folder and the better-sqlite3 that loads
 * in it. `{ configuration, file, dispose }`: in a file, because the builder mixes an object with electron-builder.yml.
 */
export async function configurationFor(runtime, out) {
  const { getConfig } = load('app-builder-lib/out/util/config/config.js');
  const configuration = await getConfig(root, 'electron-builder.yml', null);
  configuration.directories = { ...configuration.directories, output: out };
  const work = mkdtempSync(path.join(out, '.work-'));
  if (runtime.dist) {
    configuration.electronVersion = runtime.version;
    configuration.electronDist = copyRuntime(runtime.dist, path.join(work, 'electron'));
    configuration.files = takeRebuilt(configuration.files);
    configuration.linux.files = takeRebuilt(configuration.linux.files);
  }
  const file = path.join(work, 'configuration.json');
  writeFileSync(file, JSON.stringify(configuration));
  return { configuration, file, dispose: () => rmSync(work, { recursive: true, force: true }) };
}

/** Without the stand-in for Electron's default app, which would be packed too, and never by link: fuses are burnt into it. */
function copyRuntime(from, to) {
  const app = path.join(from, 'resources', 'app');
  const marker = path.join(from, 'outpost-runtime.json');
  cpSync(from, to, {
    recursive: true,
    verbatimSymlinks: true,
    filter: (entry) => entry !== app && entry !== marker,
  });
  if (existsSync(path.join(to, 'resources', 'app')))
    throw new Error('the runtime still holds its stand-in app');
  process.env.USE_HARD_LINKS = 'false';
  return to;
}

/** The shipped binaries ask for a newer Node-API than this runtime has. */
function takeRebuilt(files) {
  if (!existsSync(path.join(nodeModules, '..', rebuilt))) throw new Error(`${rebuilt} is not there`);
  return files.flatMap((given) => {
    if (typeof given !== 'string') return { ...given, filter: takeRebuilt(given.filter) };
    if (given.includes('better-sqlite3/{build,deps,src}'))
      return [
        '!node_modules/better-sqlite3/{deps,src}/**',
        '!node_modules/better-sqlite3/build/!(Release){,/**}',
        '!node_modules/better-sqlite3/build/Release/!(better_sqlite3.node){,/**}',
      ];
    if (given.includes('better-sqlite3/prebuilds')) return '!node_modules/better-sqlite3/prebuilds/**';
    return given;
  });
}
