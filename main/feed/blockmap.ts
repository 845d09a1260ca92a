import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import type { Measure } from '../packs/index.ts';

/** Writes the blockmap of an archive beside it. */
export async function writeBlockmap(archive: string, file: string): Promise<Outcome<Measure>> {
  const bytes = await readFile(archive);
  const checksums: string[] = [];
  const sizes: number[] = [];
  for (let at = 0; at < bytes.byteLength; at += 16384) {
    const piece = bytes.subarray(at, at + 16384);
    sizes.push(piece.byteLength);
    checksums.push(createHash('sha256').update(piece).digest().subarray(0, 18).toString('base64'));
  }
  const map = gzipSync(
    JSON.stringify({ version: '2', files: [{ name: 'file', offset: 0, checksums, sizes }] }),
  );
  await writeFile(file, map, { flush: true });
  return ok({
    size: map.byteLength,
    sha256: createHash('sha256').update(map).digest('hex'),
    sha512: createHash('sha512').update(map).digest('base64'),
  });
}
