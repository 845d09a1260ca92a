import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

type Digests = { readonly size: number; readonly sha256: string; readonly sha512: string };

/** Size and digests of a file, read once; null when it is not there. */
export async function measure(file: string): Promise<Digests | null> {
  const [sha256, sha512] = [createHash('sha256'), createHash('sha512')];
  let size = 0;
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1024 ** 2 }) as AsyncIterable<Buffer>) {
      size += piece.byteLength;
      sha256.update(piece);
      sha512.update(piece);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return null;
    throw error;
  }
  return { size, sha256: sha256.digest('hex'), sha512: sha512.digest('hex') };
}
