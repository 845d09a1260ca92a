import { open, opendir, stat } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../../../contract/disk-faults.ts';
import { fault } from '../../../contract/faults.ts';
import type { Fault } from '../../../contract/faults.ts';
import { identifyPicture, pictureHeadBytes } from '../../../contract/picture-format.ts';
import { endingOf, isAnyPictureName } from '../../../contract/pictures.ts';
import type { LeftOutReason } from '../../../contract/run.ts';
import { hasCode } from '../../lib/error-text.ts';
import { fsPath, nameOf } from '../../lib/file-names.ts';
import { fileFault, folderFault, notAFile } from './input-file.ts';
import { openLook } from './look.ts';
import type { Look } from './look.ts';
import { kindOfFile, type FileKind } from '../../lib/regular-file.ts';

export type Found = { readonly path: string; readonly fault: Fault | null };
export type WalkHooks = {
  /** Called for each file and folder that is passed over; its content is not counted. */
  readonly onLeftOut?: (reason: LeftOutReason) => void;
  readonly look?: Look;
};
type Entry = { readonly name: string; readonly kind: FileKind };
type Listing = { readonly entries: Entry[]; readonly left: LeftOutReason[] };
type Walk = { readonly look: Look; readonly leaveOut: (reason: LeftOutReason) => void };

/**
 * The pictures below folders, and what is named itself whatever it is called, in the order of the inputs and then of
 * their names. A file below a folder is found when its name ends as a picture's does, or has no ending and its first
 * bytes are a picture's; the rest is reported to `onLeftOut`. What cannot be read is found with its fault. One folder's
 * names are held at a time for each level, never the tree.
 */
export async function* walk(
  inputs: AsyncIterable<string> | Iterable<string>,
  { onLeftOut = () => undefined, look = openLook() }: WalkHooks = {},
): AsyncGenerator<Found> {
  const state: Walk = { look, leaveOut: onLeftOut };
  for await (const path of inputs) {
    let stats: BigIntStats;
    try {
      stats = await state.look.at(path, () => stat(fsPath(path), { bigint: true }));
    } catch (error) {
      yield { path, fault: fileFault(error, path) };
      continue;
    }
    if (stats.isDirectory()) yield* walkFolder(state, path, [identityOf(stats)]);
    else yield { path, fault: null };
  }
}

const identityOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;

async function* walkFolder(state: Walk, path: string, chain: readonly string[]): AsyncGenerator<Found> {
  let found: Listing;
  try {
    found = await state.look.at(path, (goesOn) => read(path, goesOn));
  } catch (error) {
    yield { path, fault: folderFault(error, path) };
    return;
  }
  for (const reason of found.left) state.leaveOut(reason);
  for (const { name, kind } of found.entries.sort(byName)) {
    const full = join(path, name);
    if (kind === 'file' && isAnyPictureName(name)) yield { path: full, fault: null };
    else if (kind === 'file') yield* findByContent(state, full);
    else yield* follow(state, { path: full, kind, chain });
  }
}

type Step = { readonly path: string; readonly kind: FileKind; readonly chain: readonly string[] };

/** A folder, a link, or something that is neither file nor folder. */
async function* follow(state: Walk, { path, kind, chain }: Step): AsyncGenerator<Found> {
  let stats: BigIntStats;
  try {
    stats = await state.look.at(path, () => stat(fsPath(path), { bigint: true }));
  } catch (error) {
    if (kind === 'folder') yield { path, fault: folderFault(error, path) };
    else if (isAnyPictureName(path)) yield { path, fault: fileFault(error, path) };
    // What a link leads to may be a folder full of photos, unless it is plainly not there.
    else if (kind === 'link' && !leadsNowhere(error)) yield { path, fault: folderFault(error, path) };
    else state.leaveOut('other');
    return;
  }
  if (stats.isDirectory()) {
    const self = identityOf(stats);
    if (chain.includes(self)) yield { path, fault: fault('folder-loop', { file: path }) };
    else yield* walkFolder(state, path, [...chain, self]);
  } else if (isAnyPictureName(path))
    yield {
      path,
      fault: stats.isFile() ? null : notAFile(stats, path),
    };
  else if (stats.isFile() && endingOf(path) === '') yield* findByContent(state, path);
  else state.leaveOut('other');
}

const leadsNowhere = (error: unknown): boolean => isMissing(error) || hasCode(error, 'ELOOP');

/** Cameras' formats that are not read: a photo all the same, so it is found and its fault says what it is. */
const isPhotoFormat = (format: string): boolean => /^(?:HEI[CF]|JPEG|a RAW file)/u.test(format);

/** A file without an ending, by its first bytes. */
async function* findByContent({ look, leaveOut }: Walk, path: string): AsyncGenerator<Found> {
  try {
    const content = identifyPicture(await look.at(path, () => headOf(path)));
    if (content.kind === 'picture' || (content.kind === 'refused' && isPhotoFormat(content.format)))
      yield { path, fault: null };
    else leaveOut('other');
  } catch (error) {
    yield { path, fault: fileFault(error, path) };
  }
}

async function headOf(path: string): Promise<Buffer> {
  const file = await open(fsPath(path), 'r');
  try {
    const head = Buffer.allocUnsafe(pictureHeadBytes);
    const { bytesRead } = await file.read(head, 0, head.byteLength, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Names that are asked for at once: what a slow drive has to bring before its clock starts anew. */
const namesAtOnce = 256;

/** What of a folder is looked at; of files with another ending nothing but the reason is held. */
async function read(path: string, goesOn: () => void): Promise<Listing> {
  const found: Listing = { entries: [], left: [] };
  for await (const entry of await opendir(fsPath(path), { bufferSize: namesAtOnce })) {
    goesOn();
    // Reading names as bytes is slower, so only a folder that has such a name is read again.
    if (entry.name.includes('\uFFFD')) return readBytes(path, goesOn);
    sort(entry.name, kindOfFile(entry), found);
  }
  return found;
}

async function readBytes(path: string, goesOn: () => void): Promise<Listing> {
  const found: Listing = { entries: [], left: [] };
  // Node's types know no bytes here, its `opendir` does.
  const options = { bufferSize: namesAtOnce, encoding: 'buffer' as BufferEncoding };
  for await (const entry of await opendir(fsPath(path), options)) {
    goesOn();
    sort(nameOf(entry.name as unknown as Buffer), kindOfFile(entry), found);
  }
  return found;
}

const byName = (one: Entry, other: Entry): number => (one.name < other.name ? -1 : 1);

function sort(name: string, kind: FileKind, into: Listing): void {
  if (isSystemName(name)) into.left.push('system');
  else if (name.startsWith('.')) into.left.push('hidden');
  else if (
    kind === 'folder' ||
    kind === 'link' ||
    isAnyPictureName(name) ||
    (kind === 'file' && endingOf(name) === '')
  )
    into.entries.push({ name, kind });
  else into.left.push('other');
}

/** Thumbnails and bins of NAS systems, Windows, Linux and macOS: what is in them was thrown away, or is a copy. */
const systemNames = new Set([
  '@eadir',
  '@recycle',
  '#recycle',
  '#snapshot',
  '$recycle.bin',
  'recycler',
  'system volume information',
  'lost+found',
  '__macosx',
]);
const isSystemName = (name: string): boolean =>
  systemNames.has(name.toLowerCase()) || /^\.trash/iu.test(name);
