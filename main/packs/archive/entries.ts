import type { Entry, ZipFile } from 'yauzl';
import { fault, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { PackPath } from '../../../contract/packs/pack-path.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import { diskFaultOf } from '../disk-fault.ts';
import { manifestName } from '../manifest.ts';
import { kindOfEntry, openZip } from './open-zip.ts';

export type ArchiveEntry = { readonly path: string; readonly size: number; readonly entry: Entry };
type OpenArchive = {
  readonly zip: ZipFile;
  readonly entries: readonly ArchiveEntry[];
};

/** A manifest lists at most 10,000 files, and is itself one more. */
const mostEntries = 10_001;

/** Opens a `.outpack` and validates its central directory before any content is read. The caller closes `zip`. */
export async function openArchive(file: string, name: string): Promise<Outcome<OpenArchive>> {
  const entries: ArchiveEntry[] = [];
  const seen = new Set<string>();
  const opened = await openZip(file, {
    name,
    mostEntries,
    diskFault: diskFaultOf,
    take: (entry, bytes) => {
      const path = decodeName(bytes);
      if (path === null) return fault('archive-unreadable', { file: name, reason: reason('name-not-utf8') });
      const wrong = refuseEntry(entry, path, name) ?? (seen.has(path) ? clash(name, path) : null);
      seen.add(path);
      entries.push({ path, size: entry.uncompressedSize, entry });
      return wrong;
    },
  });
  if (!opened.ok) return opened;
  const zip = opened.value;
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
  const kind = kindOfEntry(entry);
  if (kind === 'link') return fault('pack-file-link', { pack: name, file: path, what: reason('link') });
  if (path.endsWith('/') || kind === 'other')
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
