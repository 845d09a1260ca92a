import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { blockmapOf } from './blockmap.ts';
import type { Blockmap } from './blockmap.ts';

/*
 * Blocks end where their own bytes say so and not at a multiple of anything: what is inserted moves no later border, and
 * both sides of an update find the same blocks. Changing a number here makes every published map useless for deltas.
 */
const least = 8 * 1024;
const most = 32 * 1024;
/** Beyond the least, one place in 8192 ends a block: 16 KiB on average. */
const mask = 0x1fff << 19;
/** Bytes that the rolling hash still knows. */
const window = 32;
const pieceBytes = 4 * 1024 ** 2;
const idBytes = 18;

/** Reads the file once, in pieces of a few megabytes. Fails as the file system does. */
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

/** A gear hash: every byte shifts in a random number of its own, so that only the last 32 bytes count. */
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

// SHA-256, because the cryptography that Electron carries has no BLAKE2.
const idOf = (block: Uint8Array): string =>
  createHash('sha256').update(block).digest().subarray(0, idBytes).toString('base64');
