import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { buildBlockmap, encodeBlockmap } from '../packs/index.ts';
import type { Measure } from '../packs/index.ts';
import { diskFault } from './disk-fault.ts';

/** Writes the blockmap of an archive beside it, so that devices fetch only the blocks that they lack. */
export async function writeBlockmap(archive: string, file: string): Promise<Outcome<Measure>> {
  try {
    const bytes = encodeBlockmap(await buildBlockmap(archive));
    await writeFile(file, bytes);
    return ok({
      size: bytes.byteLength,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      sha512: createHash('sha512').update(bytes).digest('base64'),
    });
  } catch (error) {
    return diskFault(error, file);
  }
}
