import { opendir, stat } from 'node:fs/promises';
import type { BigIntStats } from 'node:fs';
import { join } from 'node:path';
import { isMissing } from '../../../contract/faults/disk-faults.ts';
import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import { identifyPicture } from '../../../contract/pictures/picture-format.ts';
import { endingOf, isAnyPictureName } from '../../../contract/pictures/pictures.ts';
import type { LeftOutReason } from '../../../contract/runs/run.ts';
import { hasCode } from '../../lib/error-text.ts';
import { fsPath, nameOf } from '../../lib/file-names.ts';
import { fileFault, folderFault, notAFile } from './input-file.ts';
import { headOf } from './look-at-file.ts';
import { openFileAccess } from './file-access.ts';
import type { FileAccess } from './file-access.ts';
import { kindOfFile, type FileKind } from '../../lib/regular-file.ts';

/** Where something lies: below which input, by its number, and how, with `/` between the steps; empty for the input itself. */
export type WalkPlace = { readonly input: number; readonly below: string };
export type Found = WalkPlace & { readonly path: string; readonly fault: Fault | null };
type WalkHooks = {
  /** Cursor: only what follows it in walk order is yielded, even if the file itself is gone. */
  readonly after?: WalkPlace | null;
  /** The number of the first of `inputs`. */
  readonly firstInput?: number;
  /** Called for each skipped file or folder; the content of a skipped folder is not counted. */
  readonly onLeftOut?: (reason: LeftOutReason) => void;
  /** Called with each folder before its names are read, and awaited. */
  readonly onFolder?: (path: string, place: WalkPlace) => Promise<void> | void;
  /** Identities of the folders around the inputs, as `folderIdentity` gives them: a link to one of them leads in a circle. */
  readonly around?: readonly string[];
  readonly look?: FileAccess;
};
type Entry = { readonly name: string; readonly kind: FileKind };
type Listing = { readonly entries: Entry[]; readonly left: LeftOutReason[] };
type Walk = {
  readonly look: FileAccess;
  readonly leaveOut: (reason: LeftOutReason) => void;
  readonly enter: (path: string, place: WalkPlace) => Promise<void> | void;
  readonly input: number;
};
/** A folder; `chain` are those around it, `after` the steps to where the walk is to go on, none at a folder not yet begun. */
type Folder = {
  readonly path: string;
  readonly below: string;
  readonly chain: readonly string[];
  readonly after: readonly string[];
};

/**
 * The pictures below folders, and what is named itself whatever it is called, in the order of the inputs and then of
 * their names. A file below a folder is found when its name ends as a picture's does, or has no ending and its first
 * bytes are a picture's; the rest is reported to `onLeftOut`. What cannot be read is found with its fault. One folder's
 * names are held at a time for each level, never the tree. The order is the same each time, so that a walk can go on
 * `after` what an earlier one found last; a folder that was begun then reports what it leaves out no second time.
 */
export async function* walk(
  inputs: AsyncIterable<string> | Iterable<string>,
  hooks: WalkHooks = {},
): AsyncGenerator<Found> {
  const { onLeftOut = () => undefined, onFolder = () => undefined, look = openFileAccess() } = hooks;
  const { after = null, firstInput = 0, around = [] } = hooks;
  let next = firstInput;
  for await (const path of inputs) {
    const input = next++;
    if (after && (input < after.input || (input === after.input && after.below === ''))) continue;
    const state: Walk = { look, leaveOut: onLeftOut, enter: onFolder, input };
    let stats: BigIntStats;
    try {
      stats = await look.at(path, () => stat(fsPath(path), { bigint: true }));
    } catch (error) {
      yield { path, input, below: '', fault: fileFault(error, path) };
      continue;
    }
    if (stats.isDirectory()) {
      const steps = after?.input === input ? after.below.split('/') : [];
      yield* walkFolder(state, { path, below: '', chain: [...around, identityOf(stats)], after: steps });
    } else yield { path, input, below: '', fault: null };
  }
}

const identityOf = ({ dev, ino }: BigIntStats): string => `${dev}:${ino}`;

/** What tells a folder from every other, however it is reached. Rejects as `stat` does. */
export const folderIdentity = async (path: string): Promise<string> =>
  identityOf(await stat(fsPath(path), { bigint: true }));

async function* walkFolder(state: Walk, folder: Folder): AsyncGenerator<Found> {
  const { path, below, chain } = folder;
  const [last, ...rest] = folder.after;
  let found: Listing;
  await state.enter(path, { input: state.input, below });
  try {
    found = await state.look.at(path, (goesOn) => read(path, goesOn));
  } catch (error) {
    yield { path, input: state.input, below, fault: folderFault(error, path) };
    return;
  }
  if (last === undefined) for (const reason of found.left) state.leaveOut(reason);
  for (const { name, kind } of found.entries.sort(byName)) {
    if (last !== undefined && (name < last || (name === last && rest.length === 0))) continue;
    const at = { path: join(path, name), below: below === '' ? name : `${below}/${name}` };
    if (kind === 'file' && isAnyPictureName(name)) yield { ...at, input: state.input, fault: null };
    else if (kind === 'file') yield* findByContent(state, at);
    else yield* follow(state, { ...at, kind, chain, after: name === last ? rest : [] });
  }
}

type Step = Folder & { readonly kind: FileKind };

/** A folder, a link, or something that is neither file nor folder. */
async function* follow(state: Walk, { kind, ...folder }: Step): AsyncGenerator<Found> {
  const { path, chain } = folder;
  const at = { path, below: folder.below, input: state.input };
  let stats: BigIntStats;
  try {
    stats = await state.look.at(path, () => stat(fsPath(path), { bigint: true }));
  } catch (error) {
    if (kind === 'folder') yield { ...at, fault: folderFault(error, path) };
    else if (isAnyPictureName(path)) yield { ...at, fault: fileFault(error, path) };
    // The target of a broken link may be a folder on an unmounted drive: a fault, unless it plainly does not exist.
    else if (kind === 'link' && !leadsNowhere(error)) yield { ...at, fault: folderFault(error, path) };
    else state.leaveOut('other');
    return;
  }
  if (stats.isDirectory()) {
    const self = identityOf(stats);
    if (chain.includes(self)) yield { ...at, fault: fault('folder-loop', { file: path }) };
    else yield* walkFolder(state, { ...folder, chain: [...chain, self] });
  } else if (isAnyPictureName(path)) yield { ...at, fault: stats.isFile() ? null : notAFile(stats, path) };
  else if (stats.isFile() && endingOf(path) === '') yield* findByContent(state, at);
  else state.leaveOut('other');
}

const leadsNowhere = (error: unknown): boolean => isMissing(error) || hasCode(error, 'ELOOP');

/** Cameras' formats that are not read: a photo all the same, so it is found and its fault says what it is. */
const isPhotoFormat = (format: string): boolean => /^(?:HEI[CF]|JPEG|a RAW file)/u.test(format);

/** A file without an ending, by its first bytes. */
async function* findByContent(
  { look, leaveOut, input }: Walk,
  { path, below }: { readonly path: string; readonly below: string },
): AsyncGenerator<Found> {
  try {
    const content = identifyPicture(await look.at(path, () => headOf(path)));
    if (content.kind === 'picture' || (content.kind === 'refused' && isPhotoFormat(content.format)))
      yield { path, input, below, fault: null };
    else leaveOut('other');
  } catch (error) {
    yield { path, input, below, fault: fileFault(error, path) };
  }
}

/** Batch size of directory reads: one batch must arrive before the timeout restarts. */
const namesAtOnce = 256;

/** The entries of interest; of files with another ending only the reason is kept. */
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

/** Thumbnail caches and recycle bins of NAS systems, Windows, Linux and macOS: deleted files and copies. */
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
