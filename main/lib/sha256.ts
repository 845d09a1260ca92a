import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { fsPath } from './file-names.ts';

/** A SHA-256 with its prefix: `sha256:` and 64 lower-case hexadecimal digits. */
export type Sha256 = `sha256:${string}`;

/** On this thread: about half a millisecond per megabyte. */
export const sha256Of = (content: Uint8Array | string): Sha256 =>
  asSha256(createHash('sha256').update(content).digest('hex'));

/** Above this size, hashing on this thread delays others longer than handing it to another one. */
const hashedHereBytes = 256 * 1024;

/** Without blocking this thread: large inputs are copied and hashed on another one. */
export async function sha256Aside(bytes: Uint8Array): Promise<Sha256> {
  if (bytes.byteLength <= hashedHereBytes) return sha256Of(bytes);
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return asSha256(Buffer.from(digest).toString('hex'));
}

const readBytes = 1024 ** 2;
const mostBuffers = 8;
/** A read stream has a buffer of its own for each read: of a walk over 250,000 photos that is memory by the hundred MiB. */
const buffers: Buffer[] = [];

/** Digest of a file's content; rejects with the error of reading. */
export async function sha256OfFile(path: string): Promise<Sha256> {
  const hash = createHash('sha256');
  const file = await open(fsPath(path));
  const buffer = buffers.pop() ?? Buffer.allocUnsafeSlow(readBytes);
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, readBytes, null);
      if (bytesRead === 0) break;
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    if (buffers.length < mostBuffers) buffers.push(buffer);
    await file.close();
  }
  return asSha256(hash.digest('hex'));
}

/** Adds the prefix to the digits. */
export const asSha256 = (hex: string): Sha256 => `${prefix}${hex}`;

/** Removes the prefix. */
export const hexOf = (digest: string): string => digest.slice(prefix.length);

const prefix = 'sha256:';
