import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StartWorker } from '../engine/index.ts';

export type Places = Host & {
  readonly version: string;
  /** Folder of the packs that ship with Outpost. */
  readonly models: string;
  /** Built files that are started by path. */
  readonly worker: string;
  readonly store: string;
  readonly httpWorker: string;
  readonly watchdog: string;
};

/** What differs between hosts of the command line; the default is plain Node. */
export type Host = {
  readonly models?: string;
  readonly startWorker?: (file: string) => StartWorker;
};

/** What lies around the built command line, from the address of any module of it: a bundler may put it into a chunk. */
export function placesFrom(moduleUrl: string): Places {
  const here = dirname(fileURLToPath(moduleUrl));
  const root = ancestors(here).find(isOutpost) ?? here;
  const version = packageOf(root)?.version ?? '0.0.0';
  const built = [here, dirname(here), join(root, 'out', 'main')].find((folder) =>
    existsSync(join(folder, 'worker.js')),
  );
  const entries = built ?? here;
  return {
    version,
    models: join(root, 'models'),
    worker: join(entries, 'worker.js'),
    store: join(entries, 'store.js'),
    httpWorker: join(entries, 'http-worker.js'),
    watchdog: join(entries, 'watchdog.js'),
  };
}

/** Version of an installed package, or null when it is not to be found. */
export function versionOf(name: string, moduleUrl: string): string | null {
  const folders = ancestors(dirname(fileURLToPath(moduleUrl)));
  const found = folders
    .map((folder) => packageOf(join(folder, 'node_modules', name)))
    .find((entry) => entry !== null);
  return found?.version ?? null;
}

const isOutpost = (folder: string): boolean => packageOf(folder)?.name === 'outpost';

function ancestors(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

function packageOf(folder: string): { readonly name?: string; readonly version?: string } | null {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      name?: string;
      version?: string;
    };
  } catch {
    return null;
  }
}
