import { buildBlockmap } from '../blockmap/index.ts';

/** Bytes of blocks in the second file that the first lacks: the download size of an update, without the blockmap. */
export async function deltaBytes(from: string, to: string): Promise<number> {
  const [before] = (await buildBlockmap(from)).files;
  const [after] = (await buildBlockmap(to)).files;
  const known = new Set(before.checksums);
  return after.sizes.reduce((sum, size, at) => (known.has(after.checksums[at]!) ? sum : sum + size), 0);
}
