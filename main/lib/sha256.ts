import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { fsPath } from './file-names.ts';

/** A SHA-256 with its name in front: `sha256:` and 64 lower-case hexadecimal digits. */
export type Sha256 = `sha256:${string}`;

/** On this thread: a megabyte takes about half a millisecond. */
export const sha256Of = (content: Uint8Array | string): Sha256 =>
  asSha256(createHash('sha256').update(content).digest('hex'));

/** Beyond this, hashing on this thread holds up others longer than handing it to another one takes. */
const hashedHereBytes = 256 * 1024;

/** Without holding up this thread: many bytes are copied and hashed on another one. */
export async function sha256Aside(bytes: Uint8Array): Promise<Sha256> {
  if (bytes.byteLength <= hashedHereBytes) return sha256Of(bytes);
  const digest = await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>);
  return asSha256(Buffer.from(digest).toString('hex'));
}

/** Of a file's content, read once; rejects as reading does. */
export async function sha256OfFile(path: string): Promise<Sha256> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(fsPath(path), { highWaterMark: 1024 ** 2 }))
    hash.update(chunk as Buffer);
  return asSha256(hash.digest('hex'));
}

/** The name in front of the digits. */
export const asSha256 = (hex: string): Sha256 => `${prefix}${hex}`;

/** The digits alone. */
export const hexOf = (digest: string): string => digest.slice(prefix.length);

const prefix = 'sha256:';
