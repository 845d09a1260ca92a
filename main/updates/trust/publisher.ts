import { readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { writeFault } from '../../../contract/faults/disk-faults.ts';
import { rootLimitBytes } from '../../../contract/lifecycle/feed.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { writeDurably } from '../../lib/durable.ts';
import type { RootPreview } from '../types.ts';
import { readWhole } from '../sources/folder.ts';
import { digestOf } from './canonical.ts';
import { parseDocument } from './document.ts';
import type { Document } from './document.ts';
import { verifySignatures } from './signatures.ts';
import { makeFolders } from '../../lib/make-folders.ts';

/** A publisher whose first root is trusted on this computer, compiled in or accepted by the user. */
export type Publisher = {
  /** SHA-256 of the first root, 64 digits. */
  readonly fingerprint: string;
  /** Its first 16 digits, used in file names and ratchets. */
  readonly id: string;
  readonly first: Document<'root'>;
  readonly isBuiltIn: boolean;
  readonly folder: string;
};

type Place = { readonly trustFolder: string; readonly firstRoots: readonly string[] };
const adoptedName = 'first-root.json';
/** Marker file in the folder of a compiled-in publisher that the user distrusts. */
const refusedName = 'distrusted';

export async function listPublishers({ trustFolder, firstRoots }: Place): Promise<readonly Publisher[]> {
  const found = new Map<string, Publisher>();
  for (const text of firstRoots) {
    const publisher = publisherOf(Buffer.from(text), { trustFolder, isBuiltIn: true });
    if (publisher && !(await has(join(publisher.folder, refusedName)))) found.set(publisher.id, publisher);
  }
  const names = await readdir(trustFolder).catch(() => []);
  for (const name of names.filter((each) => /^[0-9a-f]{16}$/u.test(each)).sort()) {
    const bytes = await readFile(join(trustFolder, name, adoptedName)).catch(() => null);
    const publisher = bytes && publisherOf(bytes, { trustFolder, isBuiltIn: false });
    // Ignores a root in a folder with another publisher's id: Outpost did not put it there.
    if (publisher?.id === name && !found.has(name)) found.set(name, publisher);
  }
  return [...found.values()];
}

export async function previewRoot(file: string): Promise<Outcome<RootPreview>> {
  const root = await readFirstRoot(file);
  if (!root.ok) return root;
  const { signed } = root.value;
  const { keyids, threshold } = signed.roles.root;
  return ok({
    publisher: signed['x-outpost'].publisher,
    fingerprint: digestOf(root.value),
    keys: new Set(keyids).size,
    threshold,
    expires: signed.expires,
  });
}

/** Trusts a root if it has the fingerprint that the user confirmed. */
export async function adoptRoot(trustFolder: string, file: string, given: string): Promise<Outcome<void>> {
  const root = await readFirstRoot(file);
  if (!root.ok) return root;
  const found = digestOf(root.value);
  if (found !== plain(given)) return failed('fingerprint-differs', { file: basename(file), found, given });
  const folder = join(trustFolder, found.slice(0, 16));
  try {
    await makeFolders(folder);
    await writeDurably(join(folder, adoptedName), root.value.bytes);
    await rm(join(folder, refusedName), { force: true });
    return ok(undefined);
  } catch (error) {
    return { ok: false, fault: writeFault(error, folder) };
  }
}

/** Forgets a publisher and its metadata; its ratchets stay in case it is trusted again. */
export async function dropPublisher({ folder, isBuiltIn }: Publisher): Promise<Outcome<void>> {
  try {
    await rm(folder, { recursive: true, force: true });
    if (isBuiltIn) {
      await makeFolders(folder);
      await writeDurably(join(folder, refusedName), '');
    }
    return ok(undefined);
  } catch (error) {
    return { ok: false, fault: writeFault(error, folder) };
  }
}

/** Normalises a fingerprint as a person may type it: with groups, colons, capital letters. */
export const plain = (fingerprint: string): string =>
  fingerprint
    .trim()
    .toLowerCase()
    .replace(/^sha256:/u, '')
    .replace(/[\s:-]/gu, '');

async function readFirstRoot(file: string): Promise<Outcome<Document<'root'>>> {
  const name = basename(file);
  const bytes = await readWhole(file, { file: name, limitBytes: rootLimitBytes });
  if (!bytes.ok) return bytes;
  if (bytes.value === null) return failed('file-not-found', { file: name });
  const root = parseDocument('root', { file: name, bytes: bytes.value });
  if (!root.ok) return root;
  const wrong = verifySignatures(root.value, { root: root.value.signed, older: [] });
  return wrong ? { ok: false, fault: wrong } : root;
}

function publisherOf(
  bytes: Buffer,
  { trustFolder, isBuiltIn }: { readonly trustFolder: string; readonly isBuiltIn: boolean },
): Publisher | null {
  const root = parseDocument('root', { file: adoptedName, bytes });
  if (!root.ok || verifySignatures(root.value, { root: root.value.signed, older: [] })) return null;
  const fingerprint = digestOf(root.value);
  const id = fingerprint.slice(0, 16);
  return { fingerprint, id, first: root.value, isBuiltIn, folder: join(trustFolder, id) };
}

const has = (file: string): Promise<boolean> =>
  readFile(file).then(
    () => true,
    () => false,
  );
