import type { Entry, ZipFile } from 'yauzl';
import { failed, ok } from '../../../contract/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults.ts';
import { fault } from '../../../contract/faults.ts';
import { PackPath } from '../../../contract/pack-path.ts';
import { detail, reason } from '../../../contract/reasons.ts';
import { irregularKind } from '../../lib/regular-file.ts';
import { diskFault } from '../disk-fault.ts';
import { manifestName } from '../manifest.ts';

export type ArchiveEntry = { readonly path: string; readonly size: number; readonly entry: Entry };
type OpenArchive = {
  readonly zip: ZipFile;
  readonly entries: readonly ArchiveEntry[];
};

/** A manifest lists at most 10,000 files, and is itself one more. */
const mostEntries = 10_001;
const unixLink = 0o120000;
const unixFile = 0o100000;

/** Opens a `.outpack` and validates its central directory before any content is read. The caller closes `zip`. */
export async function openArchive(file: string, name: string): Promise<Outcome<OpenArchive>> {
  const { openPromise } = await import('yauzl');
  let zip: ZipFile;
  try {
    const other = irregularKind(file);
    if (other !== null) return failed('archive-unreadable', { file: name, reason: reason(`is-${other}`) });
    // Names are decoded below, so that a path that leads out of the pack gets a fault of its own.
    zip = await openPromise(file, { lazyEntries: true, decodeStrings: false, autoClose: false });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === undefined
      ? failed('archive-unreadable', { file: name, reason: detail(message) })
      : diskFault(error, name);
  }
  const entries: ArchiveEntry[] = [];
  const seen = new Set<string>();
  try {
    if (zip.entryCount > mostEntries)
      return close(
        zip,
        fault('archive-unreadable', {
          file: name,
          reason: reason('too-many-entries', { count: zip.entryCount }),
        }),
      );
    for await (const entry of zip.eachEntry()) {
      const path = decodeName(entry.fileName as unknown as Buffer);
      if (path === null)
        return close(zip, fault('archive-unreadable', { file: name, reason: reason('name-not-utf8') }));
      const wrong = refuseEntry(entry, path, name) ?? (seen.has(path) ? clash(name, path) : null);
      if (wrong) return close(zip, wrong);
      seen.add(path);
      entries.push({ path, size: entry.uncompressedSize, entry });
    }
  } catch (error) {
    return close(zip, fault('archive-unreadable', { file: name, reason: detail((error as Error).message) }));
  }
  // Overlapping entries would unpack to more bytes than the archive holds (a zip bomb).
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > zip.fileSize)
    return close(zip, fault('archive-too-large', { file: name, size: total, limit: zip.fileSize }));
  if (entries[0]?.path !== manifestName)
    return close(
      zip,
      fault('archive-unreadable', { file: name, reason: reason('first-entry', { file: manifestName }) }),
    );
  return ok({ zip, entries });
}

function refuseEntry(entry: Entry, path: string, name: string): Fault | null {
  if (!PackPath.safeParse(path.endsWith('/') ? path.slice(0, -1) : path).success)
    return fault('pack-path-outside', { pack: name, file: path });
  const kind = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (kind === unixLink) return fault('pack-file-link', { pack: name, file: path, what: reason('link') });
  if (path.endsWith('/') || (kind !== 0 && kind !== unixFile))
    return fault('pack-file-link', {
      pack: name,
      file: path,
      what: reason(path.endsWith('/') ? 'folder' : 'device'),
    });
  const isStored = entry.compressionMethod === 0 && !entry.isEncrypted();
  return isStored ? null : fault('archive-not-stored', { file: name, entry: path });
}

const clash = (pack: string, file: string): Fault => fault('pack-path-clash', { pack, file });

function decodeName(bytes: Buffer): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function close(zip: ZipFile, why: Fault): Outcome<never> {
  zip.close();
  return { ok: false, fault: why };
}
