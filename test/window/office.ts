import path from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import type { Outcome } from '../../contract/faults.ts';
import { addApp, addPack, initFeed, loadKeys, writeBundle } from '../../main/feed/index.ts';
import { makeVersion } from '../fixtures/versions.ts';
import type { VersionOptions } from '../fixtures/versions.ts';
import { value } from './bridge.ts';
import { answerDialog } from './launch.ts';

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

/** `now` is when everything is signed: a feed of long ago has expired. */
export async function openOffice(folder: string, now = new Date()): Promise<Office> {
  const feed = path.join(folder, 'feed');
  const keyFolder = path.join(folder, 'keys');
  const publisher = 'Northfield Forest Office';
  const founded = valueOf(await initFeed({ feed, publisher, keys: keyFolder, passphrase, now }));
  const keys = valueOf(await loadKeys(keyFolder, passphrase));
  return {
    feed,
    fingerprint: founded.fingerprint,
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
