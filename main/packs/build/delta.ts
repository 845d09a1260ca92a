import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/** As in a feed's blockmaps. */
const blockBytes = 16 * 1024;

/** Bytes of the second file's blocks that the first does not have: what an update would fetch, without its blockmap. */
export async function deltaBytes(from: string, to: string): Promise<number> {
  const known = new Set<string>();
  for await (const { digest } of blocksOf(from)) known.add(digest);
  let missing = 0;
  for await (const { digest, size } of blocksOf(to)) if (!known.has(digest)) missing += size;
  return missing;
}

async function* blocksOf(file: string): AsyncGenerator<{ readonly digest: string; readonly size: number }> {
  let rest = Buffer.alloc(0);
  for await (const piece of createReadStream(file, { highWaterMark: 1024 ** 2 }) as AsyncIterable<Buffer>) {
    const bytes = Buffer.concat([rest, piece]);
    let at = 0;
    for (; at + blockBytes <= bytes.byteLength; at += blockBytes)
      yield describe(bytes.subarray(at, at + blockBytes));
    rest = bytes.subarray(at);
  }
  if (rest.byteLength > 0) yield describe(rest);
}

const describe = (block: Buffer) => ({
  digest: createHash('sha256').update(block).digest('base64'),
  size: block.byteLength,
});
