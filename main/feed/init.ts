import { readdir } from 'node:fs/promises';
import { Root, Snapshot, Targets, Timestamp } from '@tufjs/models';
import { RootNotes } from '../../contract/lifecycle/feed.ts';
import { failed, fault, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { defaultDays, expiry, stamp } from './dates.ts';
import type { Lifetimes } from './dates.ts';
import { diskFault } from './disk-fault.ts';
import { makeKey, newPassphrase } from './keys/ring.ts';
import type { NewKey, Passphrase } from './keys/ring.ts';
import {
  inFeed,
  metadataFolder,
  rootName,
  snapshotName,
  targetsFolder,
  targetsName,
  timestampName,
} from './layout.ts';
import { withNotes } from './notes.ts';
import { metaOf, writeInOrder } from './publish.ts';
import { fileBytes, fingerprintOf, signWith } from './sign.ts';
import type { Content } from './sign.ts';
import { makeFolders } from '../lib/make-folders.ts';

export type InitOptions = {
  readonly feed: string;
  readonly publisher: string;
  /** Where new keys are put; `holders` names another folder for some of them, as in `{ 'root-1': '/media/anna' }`. */
  readonly keys: string;
  readonly holders?: Readonly<Record<string, string>>;
  readonly passphrase: Passphrase;
  readonly rootKeys?: number;
  readonly rootThreshold?: number;
  readonly days?: Partial<Lifetimes>;
  readonly now?: Date;
};
export type Founded = {
  readonly publisher: string;
  /** SHA-256 of what the first root's signatures cover, in hexadecimal. */
  readonly fingerprint: string;
  readonly rootFile: string;
  readonly keys: readonly { readonly name: string; readonly id: string; readonly folder: string }[];
};
export const specVersion = '1.0.31';

/** Makes the keys and an empty feed. The timestamp comes last: without it there is no feed, and `init` can be run again. */
export async function initFeed(options: InitOptions): Promise<Outcome<Founded>> {
  const { feed, publisher, rootKeys = 3, rootThreshold = 2, now = new Date() } = options;
  if (!RootNotes.safeParse({ publisher }).success)
    return refuse('The publisher needs a name of 1 to 120 characters.');
  if (!(rootThreshold >= 1 && rootThreshold <= rootKeys && rootKeys <= 20))
    return refuse(
      `${rootThreshold} of ${rootKeys} root keys cannot be: at least 1, at most all, at most 20.`,
    );
  const free = await freeFolder(feed);
  if (!free.ok) return free;
  const folderOf = (name: string): string => options.holders?.[name] ?? options.keys;
  const names = [...Array.from({ length: rootKeys }, (_, at) => `root-${at + 1}`), 'packs', 'online'];
  // Whoever breaks off while passphrases are asked for leaves nothing behind.
  const passphrases = new Map<string, string>();
  for (const name of names) {
    const given = await newPassphrase(folderOf(name), name, options.passphrase);
    if (!given.ok) return given;
    passphrases.set(name, given.value);
  }
  const keys: NewKey[] = [];
  for (const name of names) {
    const made = await makeKey(folderOf(name), name, passphrases.get(name)!);
    if (!made.ok) return made;
    keys.push(made.value);
  }
  const [packs, online] = keys.slice(rootKeys) as [NewKey, NewKey];
  const until = (role: keyof Lifetimes): string =>
    expiry(now, options.days?.[role], { days: defaultDays[role] });
  const root = new Root({
    version: 1,
    specVersion,
    expires: until('root'),
    consistentSnapshot: true,
    unrecognizedFields: withNotes({
      publisher,
      keyNames: Object.fromEntries(keys.map(({ name, key }) => [key.keyID, name])),
    }),
  });
  for (const { key } of keys.slice(0, rootKeys)) root.addKey(key, 'root');
  root.addKey(packs.key, 'targets');
  for (const role of ['snapshot', 'timestamp']) root.addKey(online.key, role);
  // A role cannot be changed once it is made: the root is read back with the threshold in place.
  const json = root.toJSON();
  const founded = Root.fromJSON({
    ...json,
    roles: {
      ...(json['roles'] as object),
      root: { ...root.roles['root']!.toJSON(), threshold: rootThreshold },
    },
  });
  const rootSigners = keys.slice(0, rootThreshold).map(({ signer }) => signer);
  const targets = new Targets({
    version: 1,
    specVersion,
    expires: until('targets'),
    unrecognizedFields: withNotes({ issuedAt: stamp(now), revoked: [], allowRollbackTo: [] }),
  });
  const targetsBytes = fileBytes(signWith<Content>(targets, [packs.signer]));
  const snapshot = new Snapshot({
    version: 1,
    specVersion,
    expires: until('snapshot'),
    meta: { 'targets.json': metaOf(1, targetsBytes) },
  });
  const snapshotBytes = fileBytes(signWith<Content>(snapshot, [online.signer]));
  const timestamp = new Timestamp({
    version: 1,
    specVersion,
    expires: until('timestamp'),
    snapshotMeta: metaOf(1, snapshotBytes),
  });
  const written = await writeInOrder(feed, [
    { name: rootName(1), bytes: fileBytes(signWith<Content>(founded, rootSigners)) },
    { name: targetsName(1), bytes: targetsBytes },
    { name: snapshotName(1), bytes: snapshotBytes },
    { name: timestampName, bytes: fileBytes(signWith<Content>(timestamp, [online.signer])) },
  ]);
  if (!written.ok) return written;
  return ok({
    publisher,
    fingerprint: fingerprintOf(founded),
    rootFile: inFeed(feed, rootName(1)),
    keys: keys.map(({ name, key }) => ({ name, id: key.keyID, folder: folderOf(name) })),
  });
}

async function freeFolder(feed: string): Promise<Outcome<void>> {
  try {
    const names: readonly string[] = await readdir(inFeed(feed, metadataFolder)).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return [];
        throw error;
      },
    );
    // A timestamp makes it a feed; several roots are somebody's history.
    if (names.includes('timestamp.json') || names.includes('2.root.json'))
      return failed('feed-exists', { folder: feed });
    for (const folder of [metadataFolder, targetsFolder]) await makeFolders(inFeed(feed, folder));
    return ok(undefined);
  } catch (error) {
    return diskFault(error, feed);
  }
}

const refuse = (reason: string): Outcome<never> => ({
  ok: false,
  fault: fault('usage', { reason, command: 'feed init' }),
});
