import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../../lib/durable.ts';
import { lifeOf, markPattern, ownMark } from '../../lib/process-mark.ts';
import { parseDocument, roles } from './document.ts';
import type { Document, Role } from './document.ts';
import type { Publisher } from './publisher.ts';
import type { FeedDocuments } from './ratchets.ts';
import { verifySignatures } from './signatures.ts';
import { makeFolders } from '../../lib/make-folders.ts';

/** The publisher's last valid metadata: `<trust>/<id>/metadata`. */
export type SavedMetadata = {
  /** The newest root; the first one when nothing is saved yet. */
  readonly root: Document<'root'>;
  /** Earlier roots, oldest first, to tell a retired key from an unknown one. */
  readonly older: readonly Document<'root'>[];
  /** All three, or none. */
  readonly rest: Omit<FeedDocuments, 'root'> | null;
};

const folderOf = (publisher: Publisher): string => join(publisher.folder, 'metadata');

/** The newest saved root. */
export async function readSavedRoot(publisher: Publisher): Promise<Document<'root'>> {
  const history = await readHistory(folderOf(publisher), publisher);
  return history.at(-1) ?? publisher.first;
}

/** Invalid files count as missing: the first root and the ratchets are what protects against old metadata. */
export async function readSaved(publisher: Publisher): Promise<SavedMetadata> {
  const folder = folderOf(publisher);
  const history = await readHistory(folder, publisher);
  const root = history.at(-1) ?? publisher.first;
  const older = [publisher.first, ...history].filter((each) => each !== root);
  const [timestamp, snapshot, targets] = await Promise.all([
    readOne('timestamp', folder, 'timestamp.json'),
    readOne('snapshot', folder, 'snapshot.json'),
    readOne('targets', folder, 'targets.json'),
  ]);
  const isWhole =
    timestamp !== null &&
    snapshot !== null &&
    targets !== null &&
    [timestamp, snapshot, targets].every((each) => !verifySignatures(each, { root: root.signed, older: [] }));
  return { root, older, rest: isWhole ? { timestamp, snapshot, targets } : null };
}

/** Saves a set that was verified as a whole; after a kill between two files the next check reads them again. */
export async function writeSaved(publisher: Publisher, documents: FeedDocuments): Promise<void> {
  const folder = folderOf(publisher);
  await makeFolders(folder);
  for (const role of roles)
    if (role !== 'root') await writeDurably(join(folder, `${role}.json`), documents[role].bytes);
}

/** Saves new roots as soon as they are verified: a chain of roots is valid by itself. */
export async function writeRoots(publisher: Publisher, walked: readonly Document<'root'>[]): Promise<void> {
  const folder = folderOf(publisher);
  await makeFolders(folder);
  for (const root of walked) await writeDurably(join(folder, `${root.signed.version}.root.json`), root.bytes);
}

/** A working folder for one verification, so that a failed one changes nothing that is saved. */
export async function openBench(publisher: Publisher, saved: SavedMetadata): Promise<string> {
  await makeFolders(publisher.folder);
  for (const name of await readdir(publisher.folder))
    if (name.startsWith('run-')) await sweep(join(publisher.folder, name), name);
  const bench = await mkdtemp(join(publisher.folder, `run-${ownMark()}-`));
  await writeFile(join(bench, 'root.json'), saved.root.bytes);
  if (saved.rest)
    for (const [role, document] of Object.entries(saved.rest))
      await writeFile(join(bench, `${role}.json`), document.bytes);
  return bench;
}

/** Follows the saved chain from the first root; stops at a root that its predecessor did not sign. */
async function readHistory(folder: string, { first }: Publisher): Promise<readonly Document<'root'>[]> {
  const history: Document<'root'>[] = [];
  for (let last = first; ;) {
    const next = await readOne('root', folder, `${last.signed.version + 1}.root.json`);
    const isSound =
      next?.signed.version === last.signed.version + 1 &&
      !verifySignatures(next, { root: last.signed, older: [] }) &&
      !verifySignatures(next, { root: next.signed, older: [] });
    if (!isSound) return history;
    history.push(next);
    last = next;
  }
}

async function readOne<R extends Role>(role: R, folder: string, file: string): Promise<Document<R> | null> {
  const bytes = await readFile(join(folder, file)).catch(() => null);
  const document = bytes && parseDocument(role, { file, bytes });
  return document?.ok ? document.value : null;
}

/**
 * Deletes a working folder left by a process that was killed; not one of a live process, and one whose process cannot
 * be seen only after an hour.
 */
async function sweep(path: string, name: string): Promise<void> {
  const life = lifeOf(marked.exec(name)?.[1] ?? '');
  if (life === 'alive') return;
  if (life === 'unknown') {
    const entry = await stat(path).catch(() => null);
    if (entry === null || Date.now() - entry.mtimeMs < hourMs) return;
  }
  await rm(path, { recursive: true, force: true });
}
const marked = new RegExp(`^run-(${markPattern})-`, 'u');
const hourMs = 3_600_000;
