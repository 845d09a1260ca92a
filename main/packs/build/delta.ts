import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

/* Blocks end where their own bytes say so, not at a multiple of anything: what is inserted moves no later block's border. */
const least = 8 * 1024;
const most = 32 * 1024;
/** Ends a block at one of 8192 places beyond the least. */
const mask = 0x1fff << 19;

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
    let bytes = Buffer.concat([rest, piece]);
    while (bytes.byteLength >= most) {
      const end = borderOf(bytes);
      yield describe(bytes.subarray(0, end));
      bytes = bytes.subarray(end);
    }
    rest = bytes;
  }
  while (rest.byteLength > 0) {
    const end = borderOf(rest);
    yield describe(rest.subarray(0, end));
    rest = rest.subarray(end);
  }
}

/** A gear hash: each byte shifts in its own random number, so that only the last 32 bytes count. */
function borderOf(bytes: Buffer): number {
  const end = Math.min(most, bytes.byteLength);
  let hash = 0;
  for (let at = Math.max(0, least - 32); at < end; at += 1) {
    hash = ((hash << 1) + gears[bytes[at]!]!) | 0;
    if (at >= least && (hash & mask) === 0) return at + 1;
  }
  return end;
}

const gears = Int32Array.from({ length: 256 }, (_, byte) =>
  createHash('sha256').update(Uint8Array.of(byte)).digest().readInt32LE(0),
);

const describe = (block: Buffer) => ({
  digest: createHash('sha256').update(block).digest('base64'),
  size: block.byteLength,
});
