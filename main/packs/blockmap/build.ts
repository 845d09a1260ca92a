import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { blockmapOf } from './blockmap.ts';
import type { Blockmap } from './blockmap.ts';

/*
 * Content-defined chunking: a block ends where a rolling hash of its own bytes says so, so that an insertion moves no
 * later boundary, and both sides of an update find the same blocks. Changing a constant here makes every published
 * blockmap useless for deltas.
 */
const least = 8 * 1024;
const most = 32 * 1024;
/** Beyond the minimum, one position in 8192 ends a block: 16 KiB on average. */
const mask = 0x1fff << 19;
/** Number of bytes that the rolling hash depends on. */
const window = 32;
const pieceBytes = 4 * 1024 ** 2;
const idBytes = 18;

/** Reads the file once, in pieces of a few megabytes. Rejects with the error of the file system. */
export async function buildBlockmap(
  file: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Blockmap> {
  const checksums: string[] = [];
  const sizes: number[] = [];
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(pieceBytes + most);
    let held = 0;
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await handle.read(buffer, held, buffer.byteLength - held, null);
      const length = held + bytesRead;
      const isEnd = bytesRead === 0;
      let at = 0;
      while (at < length && (isEnd || length - at >= most)) {
        const end = borderOf(buffer, at, Math.min(at + most, length));
        sizes.push(end - at);
        checksums.push(idOf(buffer.subarray(at, end)));
        at = end;
      }
      buffer.copyWithin(0, at, length);
      held = length - at;
      if (isEnd) return blockmapOf(checksums, sizes);
    }
  } finally {
    await handle.close();
  }
}

/** Gear hash: every byte shifts the hash and adds a random number, so that only the last 32 bytes count. */
function borderOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0;
  const warm = Math.min(start + least - window, end);
  const from = Math.min(start + least, end);
  for (let at = warm; at < from; at += 1) hash = ((hash << 1) + gears[bytes[at]!]!) | 0;
  for (let at = from; at < end; at += 1) {
    hash = ((hash << 1) + gears[bytes[at]!]!) | 0;
    if ((hash & mask) === 0) return at + 1;
  }
  return end;
}

const gears = Int32Array.from({ length: 256 }, (_, byte) =>
  createHash('sha256').update(Uint8Array.of(byte)).digest().readInt32LE(0),
);

// SHA-256, because Electron's crypto has no BLAKE2.
const idOf = (block: Uint8Array): string =>
  createHash('sha256').update(block).digest().subarray(0, idBytes).toString('base64');
