import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { syncFolder, writeDurably } from '../../lib/durable.ts';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { readManifest } from '../manifest.ts';
import { packFolderName } from '../pack-store/install-staged.ts';
import type { Wrapped } from './wrap-model.ts';
import { makeFolders } from '../../lib/make-folders.ts';

/*
 * Packs made of bare models, laid out so that a library reads them:
 *
 *   <into>/.draft-<random>/                  being made; swept when it is an hour old
 *   <into>/<id>/<version>-<digest12>/        the pack
 *   <into>/<id>/<version>-<digest12>.source  what it was made of
 *
 * The newest two of one version stay: a server may go back to the older one while it reloads.
 */
const draftPrefix = '.draft-';
const draftLifeMs = 3_600_000;
const cachedVersions = 2;

export type Wanted = {
  readonly into: string;
  readonly id: string;
  readonly version: string;
  /** Fingerprint of the sources: equal for the same pack. */
  readonly print: string;
  readonly appVersion: string;
};

/** The pack that was made from these sources before, if it is complete; otherwise makes it. Returns its folder. */
export async function cached(
  wanted: Wanted,
  make: (folder: string) => Promise<Outcome<Wrapped>>,
): Promise<Outcome<string>> {
  const home = join(wanted.into, wanted.id);
  const key = createHash('sha256').update(wanted.print).digest('hex');
  const known = await find(home, wanted, key);
  if (known !== null) return ok(known);
  await makeFolders(home);
  await sweepDrafts(wanted.into);
  const draft = await mkdtemp(join(wanted.into, draftPrefix));
  try {
    const made = await make(draft);
    if (!made.ok) return made;
    const place = join(home, packFolderName(wanted.version, made.value.digest));
    await settle(draft, place, wanted);
    await writeDurably(`${place}.source`, key);
    await syncFolder(home);
    await sweepOlder(home, wanted.version);
    return ok(place);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/** The same pack may already exist, from a copy with another date or made by another process just now. */
async function settle(draft: string, place: string, { id, appVersion }: Wanted): Promise<void> {
  if (await isWhole(place, id, appVersion)) return;
  await rm(place, { recursive: true, force: true });
  try {
    await rename(draft, place);
  } catch (error) {
    if (!(await isWhole(place, id, appVersion))) throw error;
  }
}

async function find(home: string, { id, version, appVersion }: Wanted, key: string): Promise<string | null> {
  for (const source of await sourcesOf(home, version)) {
    if ((await readFile(join(home, source), 'utf8').catch(() => '')) !== key) continue;
    const place = join(home, source.slice(0, -'.source'.length));
    if (!(await isWhole(place, id, appVersion))) continue;
    // Marks it as the newest, since it is in use again. On a read-only disk its time stays as it is.
    const now = new Date();
    await utimes(join(home, source), now, now).catch(() => undefined);
    return place;
  }
  return null;
}

/** Checks file sizes against the manifest; digests are verified before the first load, as for any pack. */
async function isWhole(place: string, id: string, appVersion: string): Promise<boolean> {
  const read = await readManifest(place, id, appVersion);
  if (!read.ok) return false;
  const sizes = await Promise.all(
    read.value.manifest.files.map(async ({ path, size }) => {
      const entry = await stat(join(place, path)).catch(() => null);
      return entry?.size === size;
    }),
  );
  return sizes.every(Boolean);
}

async function sweepOlder(home: string, version: string): Promise<void> {
  const dated = await Promise.all(
    (await sourcesOf(home, version)).map(async (source) => ({
      source,
      at: (await stat(join(home, source)).catch(() => null))?.mtimeMs ?? 0,
    })),
  );
  dated.sort((one, other) => other.at - one.at);
  for (const { source } of dated.slice(cachedVersions)) {
    await rm(join(home, source.slice(0, -'.source'.length)), { recursive: true, force: true });
    await rm(join(home, source), { force: true });
  }
}

async function sweepDrafts(into: string): Promise<void> {
  for (const name of await readdir(into)) {
    if (!name.startsWith(draftPrefix)) continue;
    const entry = await stat(join(into, name)).catch(() => null);
    if (entry && entry.mtimeMs < Date.now() - draftLifeMs)
      await rm(join(into, name), { recursive: true, force: true });
  }
}

const sourcesOf = async (home: string, version: string): Promise<readonly string[]> =>
  (await readdir(home).catch(() => [])).filter(
    (name) => name.startsWith(`${version}-`) && name.endsWith('.source'),
  );
