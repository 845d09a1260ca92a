import type { Entry, ZipFile } from 'yauzl';
import { systemCode } from '../../../contract/faults/disk-faults.ts';
import { failed, fault, ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { detail, reason } from '../../../contract/faults/reasons.ts';
import { messageOf } from '../../lib/error-text.ts';
import { irregularKind } from '../../lib/regular-file.ts';

type ZipOptions = {
  /** Of the file, in faults. */
  readonly name: string;
  readonly mostEntries: number;
  /** Where the system refused to open or to read it. */
  readonly diskFault: (error: unknown, name: string) => Fault;
  /** Gets each entry of the central directory, with its name as bytes, in order; a fault refuses the whole file. */
  readonly take: (entry: Entry, name: Buffer) => Fault | null;
};

const unixFile = 0o100000;
const unixLink = 0o120000;

/** Opens a ZIP and looks at its central directory before any content is read. The caller closes it. */
export async function openZip(
  file: string,
  { name, mostEntries, diskFault, take }: ZipOptions,
): Promise<Outcome<ZipFile>> {
  const { openPromise } = await import('yauzl');
  let zip: ZipFile | null = null;
  const refuse = (why: Fault): Outcome<never> => {
    zip?.close();
    return { ok: false, fault: why };
  };
  try {
    const other = irregularKind(file);
    if (other !== null) return failed('archive-unreadable', { file: name, reason: reason(`is-${other}`) });
    // Names come as bytes: what is wrong with one gets a fault of its own.
    zip = await openPromise(file, { lazyEntries: true, decodeStrings: false, autoClose: false });
    if (zip.entryCount > mostEntries) {
      const why = reason('too-many-entries', { count: zip.entryCount });
      return refuse(fault('archive-unreadable', { file: name, reason: why }));
    }
    for await (const entry of zip.eachEntry()) {
      const why = take(entry, entry.fileName as unknown as Buffer);
      if (why) return refuse(why);
    }
    return ok(zip);
  } catch (error) {
    // Node's own codes are of bytes that are no archive.
    const isOfDisk = systemCode(error)?.startsWith('ERR_') === false;
    return refuse(
      isOfDisk
        ? diskFault(error, name)
        : fault('archive-unreadable', { file: name, reason: detail(messageOf(error)) }),
    );
  }
}

/** What an entry says that it is; one of a system without such kinds is a file. */
export function kindOfEntry({ externalFileAttributes }: Entry): 'file' | 'link' | 'other' {
  const kind = (externalFileAttributes >>> 16) & 0o170000;
  if (kind === unixLink) return 'link';
  return kind === 0 || kind === unixFile ? 'file' : 'other';
}
