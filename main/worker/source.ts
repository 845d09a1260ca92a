import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { failed, ok, type Outcome } from '../../contract/faults.ts';

export type Content = { readonly bytes: Buffer; readonly digest: string };
const limitBytes = 2 * 1024 ** 3 - 1;

/** The whole file, with the SHA-256 of the very bytes that were read. Never opens what could block, such as a FIFO. */
export async function readContent(path: string, name: string): Promise<Outcome<Content>> {
  try {
    const info = await stat(path);
    if (!info.isFile())
      return failed('not-a-file', { file: name, what: info.isDirectory() ? 'folder' : 'device or pipe' });
    if (info.size === 0) return failed('file-empty', { file: name });
    if (info.size > limitBytes)
      return failed('file-too-large', { file: name, size: info.size, limit: limitBytes });
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return await readStill(handle, name);
    } finally {
      await handle.close();
    }
  } catch (error) {
    return fileFault(error, name);
  }
}

async function readStill(handle: FileHandle, name: string): Promise<Outcome<Content>> {
  const before = await handle.stat({ bigint: true });
  const bytes = await handle.readFile();
  const after = await handle.stat({ bigint: true });
  const isStill =
    before.mtimeNs === after.mtimeNs && before.size === after.size && after.size === BigInt(bytes.byteLength);
  return isStill ? ok(withDigest(bytes)) : failed('file-changed', { file: name });
}

export function withDigest(bytes: Buffer): Content {
  return { bytes, digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}` };
}

function fileFault(error: unknown, name: string): Outcome<never> {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
  if (code === 'ENOENT' || code === 'ENOTDIR') return failed('file-not-found', { file: name });
  if (code === 'EACCES' || code === 'EPERM')
    return failed('file-unreadable', { file: name, reason: 'permission denied' });
  return failed('file-unreadable', { file: name, reason: code });
}
