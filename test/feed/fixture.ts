import {
  cpSync,
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BaseFetcher, Updater } from 'tuf-js';
import { DownloadHTTPError } from 'tuf-js/dist/error.js';
import type { Outcome } from '../../contract/faults/faults.ts';
import { addPack, initFeed, loadKeys } from '../../main/feed/index.ts';
import type { AddOptions, Founded, InitOptions, KeyRing } from '../../main/feed/index.ts';
import { openKey, readKeyHead, sealKey } from '../../main/feed/keys/key-file.ts';
import { writePack } from '../packs/fixture.ts';
import { newFolder } from '../temp/folder.ts';

export const appVersion = '0.1.0';
export const passphrase = 'correct horse battery staple';
export const now = new Date('2026-11-23T08:00:00Z');
export const days = (count: number): Date => new Date(now.getTime() + count * 86_400_000);

export const place = (): string => newFolder('feed');

export function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.message}`);
  return outcome.value;
}

export type Office = {
  readonly folder: string;
  readonly feed: string;
  readonly keyFolder: string;
  readonly keys: KeyRing;
  readonly founded: Founded;
};

/** A publisher with a feed that has nothing in it yet. */
export async function foundOffice(options: Partial<InitOptions> = {}): Promise<Office> {
  const folder = place();
  const [feed, keyFolder] = [join(folder, 'feed'), join(folder, 'keys')];
  const founded = valueOf(
    await initFeed({ feed, keys: keyFolder, publisher: 'Northern Survey', passphrase, now, ...options }),
  );
  await sealCheaply(keyFolder);
  return { folder, feed, keyFolder, founded, keys: valueOf(await loadKeys(keyFolder, passphrase)) };
}

/**
 * Seals the keys of a folder anew, with the least that scrypt may cost: the full cost is a fifth of a second a key, which
 * the drills would pay hundreds of times. It is proved in keys.test.ts, and by the keys that `rotate` makes.
 */
async function sealCheaply(keyFolder: string): Promise<void> {
  for (const name of readdirSync(keyFolder).filter((each) => each.endsWith('.pem'))) {
    const text = readFileSync(join(keyFolder, name), 'utf8');
    const key = (await openKey(text, passphrase))!;
    const sealed = await sealKey(key, readKeyHead(text)!, { passphrase, cost: { N: 2, r: 1, p: 1 } });
    writeFileSync(join(keyFolder, name), sealed);
  }
}

/** The same office as it was at this moment, in a folder of its own: making keys anew takes a second. */
export function copyOffice(office: Office): Office {
  const folder = place();
  cpSync(office.folder, folder, { recursive: true });
  const [feed, keyFolder] = [join(folder, 'feed'), join(folder, 'keys')];
  // Its keys stay open: they are the same.
  return { ...office, folder, feed, keyFolder };
}

/** A pack folder of this version; `content` makes its bytes differ. */
export function packOf(version: string, content = version): string {
  return writePack(join(place(), 'pack'), {
    change: (manifest) => ({ ...manifest, version }),
    files: { 'card.md': `# ${content}\n` },
  });
}

export async function add(office: Office, version: string, options: Partial<AddOptions> = {}) {
  return addPack({
    feed: office.feed,
    keys: office.keys,
    packs: [packOf(version)],
    appVersion,
    now,
    ...options,
  });
}

class FolderFetcher extends BaseFetcher {
  override async fetch(url: string): Promise<NodeJS.ReadableStream> {
    const file = fileURLToPath(url);
    if (!existsSync(file)) throw new DownloadHTTPError('not there', 404);
    return createReadStream(file);
  }
}

/** tuf-js itself, with a first root and a memory of its own: what any other client would see. */
export type Client = { readonly folder: string; updater(): Updater };
export function openClient(feed: string, firstRoot = join(feed, 'metadata', '1.root.json')): Client {
  const folder = place();
  for (const name of ['metadata', 'targets']) mkdirSync(join(folder, name));
  cpSync(firstRoot, join(folder, 'metadata', 'root.json'));
  const address = (name: string): string => pathToFileURL(join(feed, name)).href;
  return {
    folder,
    updater: () =>
      new Updater({
        metadataDir: join(folder, 'metadata'),
        targetDir: join(folder, 'targets'),
        metadataBaseUrl: address('metadata'),
        targetBaseUrl: address('targets'),
        fetcher: new FolderFetcher(),
      }),
  };
}

/** The target as tuf-js verified it, with its bytes; null when the feed does not have it. */
export async function fetchTarget(client: Client, path: string) {
  const updater = client.updater();
  await updater.refresh();
  const info = await updater.getTargetInfo(path);
  if (!info) return null;
  const file = await updater.downloadTarget(info, join(client.folder, 'targets', 'got'));
  return { info, bytes: readFileSync(file) };
}
