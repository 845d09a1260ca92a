import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import { manifestName } from '../manifest.ts';
import type { Measure } from '../pack-store/types.ts';
import { diskFault } from '../disk-fault.ts';

/**
 * Writes a pack folder as a `.outpack`: stored entries, the manifest first, then the files in the manifest's order. The
 * output is reproducible, so that an old archive can be rebuilt as the base of a delta.
 */
export async function writeOutpack(
  pack: { readonly folder: string; readonly manifest: Manifest },
  file: string,
  { signal }: { signal?: AbortSignal } = {},
): Promise<Outcome<Measure>> {
  const { ZipFile } = await import('yazl');
  const zip = new ZipFile();
  // The day after the earliest ZIP date, in local time as ZIP stores it: the same bytes in every time zone.
  const mtime = new Date(1980, 0, 2);
  const entryOptions = { mtime, mode: 0o100644, compress: false, forceDosTimestamp: true };
  const [sha256, sha512] = [createHash('sha256'), createHash('sha512')];
  let size = 0;
  const meter = new Transform({
    transform: (piece: Buffer, _encoding, done) => {
      size += piece.byteLength;
      sha256.update(piece);
      sha512.update(piece);
      done(null, piece);
    },
  });
  const output = zip.outputStream as Readable;
  zip.on('error', (error) => output.destroy(error as Error));
  for (const path of [manifestName, ...pack.manifest.files.map((each) => each.path)])
    zip.addFile(join(pack.folder, path), path, entryOptions);
  zip.end();
  try {
    await pipeline(output, meter, createWriteStream(file, { flush: true }), { signal });
  } catch (error) {
    await rm(file, { force: true });
    return signal?.aborted ? failed('cancelled') : diskFault(error, file);
  }
  return ok({ size, sha256: sha256.digest('hex'), sha512: sha512.digest('base64') });
}
