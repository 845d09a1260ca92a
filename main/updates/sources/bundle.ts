import { createReadStream } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Entry, ZipFile } from 'yauzl';
import { readFault } from '../../../contract/faults/disk-faults.ts';
import { failed, fault, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { isMetadataFile, targetPath } from '../../../contract/lifecycle/feed.ts';
import { detail, reason, systemReason, type Reason } from '../../../contract/faults/reasons.ts';
import { kindOfEntry, openZip } from '../../packs/index.ts';
import type { MetadataSource, ReadOptions, Target, TargetPlace } from './source.ts';

const mostEntries = 100_000;

/** A feed in one file: a ZIP of the folder with stored entries, read in place and never unpacked. */
export async function openBundle(path: string): Promise<Outcome<MetadataSource>> {
  const file = resolve(path);
  const name = basename(file);
  const opened = await openDirectory(file, name);
  if (!opened.ok) return opened;
  const { zip, entries } = opened.value;

  /** The byte range of an entry within the bundle. */
  async function pieceOf(entry: Entry): Promise<Outcome<TargetPlace & { kind: 'file' }>> {
    try {
      const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
      const size = entry.uncompressedSize;
      if (fileDataStart + size > zip.fileSize)
        return failed('archive-unreadable', { file: name, reason: reason('ends-too-early') });
      return ok({ kind: 'file', path: file, start: fileDataStart, size });
    } catch (error) {
      return failed('archive-unreadable', { file: name, reason: detail((error as Error).message) });
    }
  }

  async function readMetadata(
    wanted: string,
    { limitBytes, signal }: ReadOptions,
  ): Promise<Outcome<Buffer | null>> {
    if (signal.aborted) return failed('cancelled');
    const entry = isMetadataFile(wanted) ? entries.get(`metadata/${wanted}`) : undefined;
    if (!entry) return ok(null);
    if (entry.uncompressedSize > limitBytes)
      return failed('trust-malformed', { file: wanted, reason: reason('too-large', { limit: limitBytes }) });
    const piece = await pieceOf(entry);
    return piece.ok ? readPiece(piece.value, name) : piece;
  }

  async function placeOf(target: Target): Promise<Outcome<TargetPlace>> {
    const inFeed = targetPath(target.name, target.sha256);
    if (inFeed === null)
      return failed('trust-malformed', { file: 'targets.json', reason: reason('name-not-allowed') });
    const entry = entries.get(inFeed);
    if (!entry) return failed('trust-target-missing', { file: target.name });
    if (entry.uncompressedSize !== target.size)
      return failed('trust-digest', { file: target.name, what: reason('the-length') });
    return pieceOf(entry);
  }

  return ok({ kind: 'bundle', name, readMetadata, placeOf, close: async () => zip.close() });
}

type Directory = { readonly zip: ZipFile; readonly entries: ReadonlyMap<string, Entry> };

async function openDirectory(file: string, name: string): Promise<Outcome<Directory>> {
  const entries = new Map<string, Entry>();
  const unreadable = (why: Reason): Fault => fault('archive-unreadable', { file: name, reason: why });
  const opened = await openZip(file, {
    name,
    mostEntries,
    diskFault: readFault,
    take: (entry, bytes) => {
      const path = bytes.toString('latin1');
      const why = whyRefused(entry, path);
      if (why === 'folder') return null;
      if (why === 'stored') return fault('archive-not-stored', { file: name, entry: printable(path) });
      if (why === 'name') return unreadable(reason('no-place-in-bundle', { name: printable(path) }));
      if (entries.has(path)) return unreadable(reason('in-it-twice', { name: path }));
      entries.set(path, entry);
      return null;
    },
  });
  return opened.ok ? ok({ zip: opened.value, entries }) : opened;
}

/** Why an entry is refused. Its name must match a name of the feed exactly, which rules out paths that lead outside. */
function whyRefused(entry: Entry, path: string): 'folder' | 'stored' | 'name' | null {
  if (/^(?:metadata|targets)\/(?:[A-Za-z0-9-]+\/)?$/u.test(path) && entry.uncompressedSize === 0)
    return 'folder';
  if (kindOfEntry(entry) !== 'file') return 'name';
  if (!isFeedPath(path)) return 'name';
  const isStored =
    entry.compressionMethod === 0 && !entry.isEncrypted() && entry.compressedSize === entry.uncompressedSize;
  return isStored ? null : 'stored';
}

function isFeedPath(path: string): boolean {
  const [top, folder, file, ...rest] = path.split('/');
  if (rest.length > 0 || folder === undefined) return false;
  if (top === 'metadata') return file === undefined && isMetadataFile(folder);
  const [, sha256, bare] = /^([0-9a-f]{64})\.(.+)$/u.exec(file ?? '') ?? [];
  if (top !== 'targets' || sha256 === undefined || bare === undefined) return false;
  return targetPath(`${folder}/${bare}`, sha256) === path;
}

const printable = (path: string): string => path.slice(0, 200).replace(/[^\u0020-\u007e]/gu, '?');

async function readPiece(
  { path, start, size }: { readonly path: string; readonly start: number; readonly size: number },
  name: string,
): Promise<Outcome<Buffer>> {
  if (size === 0) return ok(Buffer.alloc(0));
  try {
    const pieces: Buffer[] = [];
    for await (const piece of createReadStream(path, { start, end: start + size - 1 }))
      pieces.push(piece as Buffer);
    return ok(Buffer.concat(pieces));
  } catch (error) {
    return failed('file-unreadable', { file: name, reason: systemReason(error) });
  }
}
