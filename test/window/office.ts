import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import type { Outcome } from '../../contract/faults/faults.ts';
import { addApp, addPack, initFeed, loadKeys, writeBundle } from '../../main/feed/index.ts';
import type { KeyRing } from '../../main/feed/index.ts';
import { makeVersion } from '../fixtures/versions.ts';
import type { VersionOptions } from '../fixtures/versions.ts';
import { value } from './bridge.ts';
import { answerDialog, newFolder, removeFolder } from './launch.ts';

const passphrase = 'a long walk in the northern woods';
const appVersion = '0.1.0';

/** A publisher with a feed in a folder, keys of its own, and packs to publish. */
export type Office = {
  readonly feed: string;
  readonly fingerprint: string;
  readonly rootFile: string;
  /** Another version of the shipped classifier; gives back its pack folder. */
  publish(version: string, note: string, files?: VersionOptions['files']): Promise<string>;
  /** An installer of Outpost for this computer. */
  publishApp(file: string, version: string): Promise<void>;
  bundle(file: string): Promise<string>;
};

type Publisher = {
  readonly fingerprint: string;
  readonly keys: KeyRing;
  /** Of a feed that offers nothing yet. */
  readonly metadata: ReadonlyMap<string, Buffer>;
};
let usual: Promise<Publisher> | undefined;

/** To seal the five keys of a publisher, and to open them, takes over a second. */
async function foundPublisher(now: Date): Promise<Publisher> {
  const folder = newFolder();
  const [feed, keyFolder] = [path.join(folder, 'feed'), path.join(folder, 'keys')];
  const publisher = 'Northfield Forest Office';
  const { fingerprint } = valueOf(await initFeed({ feed, publisher, keys: keyFolder, passphrase, now }));
  const keys = valueOf(await loadKeys(keyFolder, passphrase));
  const metadata = path.join(feed, 'metadata');
  const files = readdirSync(metadata).map((name) => [name, readFileSync(path.join(metadata, name))] as const);
  removeFolder(folder);
  return { fingerprint, keys, metadata: new Map(files) };
}

/**
 * A feed with the keys of the one publisher of this process of Playwright's. With `signedAt`, when everything is signed,
 * the publisher is another one, and the feed of long ago has expired.
 */
export async function openOffice(folder: string, signedAt?: Date): Promise<Office> {
  const feed = path.join(folder, 'feed');
  const now = signedAt ?? new Date();
  const { keys, fingerprint, metadata } = await (signedAt
    ? foundPublisher(signedAt)
    : (usual ??= foundPublisher(now)));
  mkdirSync(path.join(feed, 'metadata'), { recursive: true });
  for (const [name, bytes] of metadata) writeFileSync(path.join(feed, 'metadata', name), bytes);
  return {
    feed,
    fingerprint,
    rootFile: path.join(feed, 'metadata', '1.root.json'),
    async publish(version, note, files = {}) {
      const pack = makeVersion(path.join(folder, version), { id: 'efficientnet-lite0', version, files });
      valueOf(await addPack({ feed, keys, packs: [pack], appVersion, note, now }));
      return pack;
    },
    async publishApp(file, version) {
      const platform = `${process.platform}-${process.arch}`;
      valueOf(await addApp({ feed, keys, file, version, platform, note: 'Faster.', now }));
    },
    async bundle(file) {
      valueOf(await writeBundle({ feed, file, appVersion, now }));
      return file;
    },
  };
}

type Trusting = {
  readonly app: ElectronApplication;
  readonly page: Page;
  readonly office: Pick<Office, 'rootFile' | 'fingerprint'>;
  readonly address: string;
};
/** The window takes its versions from this office's feed from now on, and has asked it once. */
export async function trustOffice({ app, page, office, address }: Trusting): Promise<void> {
  await value(page, 'settings.set', { feed: address });
  await answerDialog(app, [office.rootFile]);
  const root = await value(page, 'updates.chooseRoot');
  await value(page, 'updates.trust', { ref: root!.ref, fingerprint: office.fingerprint });
  await value(page, 'updates.check');
}

/** Two labels change places: what was the one is the other from now on, and no number differs. */
export function swapped(one: string, other: string): (before: Buffer) => Buffer {
  const placeOf = (text: string, name: string): string => {
    const found = new RegExp(`"id": "\\w+", "name": "${name}"`, 'u').exec(text);
    if (!found) throw new Error(`There is no label ${name}.`);
    return found[0];
  };
  return (before) => {
    const text = before.toString('utf8');
    const [first, second] = [placeOf(text, one), placeOf(text, other)];
    return Buffer.from(text.replace(first, '?').replace(second, first).replace('?', second));
  };
}

function valueOf<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.message}`);
  return outcome.value;
}
