import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fsPath } from '../lib/file-names.ts';
import { asSha256, sha256OfFile } from '../lib/sha256.ts';
import type { Sha256 } from '../lib/sha256.ts';
import type { CardFile } from './card-files.ts';
import { makeFolders } from '../lib/make-folders.ts';

/** Digest of the bytes read, and the first and last of them: enough to detect a truncated photo. */
export type ReadFile = { readonly digest: Sha256; readonly head: Uint8Array; readonly tail: Uint8Array };
type CopiedFile =
  | { readonly kind: 'copied'; readonly file: ReadFile }
  /** A read error on the card. */
  | { readonly kind: 'unreadable'; readonly error: unknown }
  /** Reading the copy back gave another digest. */
  | { readonly kind: 'changed' };
export type CopyOptions = {
  readonly signal: AbortSignal;
  readonly onBytes: (bytes: number) => void;
};

const pieceBytes = 1024 ** 2;
const headBytes = 4096;
const tailBytes = 65_536;

/**
 * Copies one file of a card: reads it once, hashes it on the way, writes a temporary file, reads that back and renames it
 * after fsync, with the card's modification time. The rename is durable once the caller has synced the folder. Read errors
 * are an outcome; errors of the target disk reject.
 */
export async function copyFile(
  { card, into }: { readonly card: string; readonly into: string },
  file: CardFile,
  options: CopyOptions,
): Promise<CopiedFile> {
  const target = join(into, file.below);
  const draft = `${target}.partial`;
  await makeFolders(dirname(target));
  const output = await open(fsPath(draft), 'w');
  try {
    const copied = await pour(join(card, file.below), output, options);
    if (copied.kind === 'copied') {
      await output.utimes(file.mtimeMs / 1000, file.mtimeMs / 1000);
      await output.sync();
      await output.close();
      if ((await sha256OfFile(draft)) !== copied.file.digest) return await dropped({ kind: 'changed' });
      await rename(fsPath(draft), fsPath(target));
      return copied;
    }
    return await dropped(copied);
  } catch (error) {
    await dropped({ kind: 'changed' }).catch(() => undefined);
    throw error;
  }

  async function dropped<T extends CopiedFile>(outcome: T): Promise<T> {
    await output.close().catch(() => undefined);
    await rm(fsPath(draft), { force: true });
    return outcome;
  }
}

/** Returns read errors as an outcome, and throws write errors. */
async function pour(
  source: string,
  output: FileHandle,
  { signal, onBytes }: CopyOptions,
): Promise<CopiedFile> {
  let input: FileHandle;
  try {
    input = await openUntouched(source);
  } catch (error) {
    return { kind: 'unreadable', error };
  }
  try {
    const hash = createHash('sha256');
    const piece = Buffer.allocUnsafe(pieceBytes);
    let head: Uint8Array = new Uint8Array();
    let tail: Uint8Array = new Uint8Array();
    for (;;) {
      signal.throwIfAborted();
      let read: Uint8Array;
      try {
        const { bytesRead } = await input.read(piece, 0, pieceBytes);
        read = piece.subarray(0, bytesRead);
      } catch (error) {
        return { kind: 'unreadable', error };
      }
      if (read.byteLength === 0)
        return { kind: 'copied', file: { digest: asSha256(hash.digest('hex')), head, tail } };
      hash.update(read);
      if (head.byteLength === 0) head = Uint8Array.from(read.subarray(0, headBytes));
      tail = Uint8Array.from(Buffer.concat([tail, read.subarray(-tailBytes)]).subarray(-tailBytes));
      await writeAll(output, read);
      onBytes(read.byteLength);
    }
  } finally {
    await input.close().catch(() => undefined);
  }
}

async function writeAll(output: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.byteLength;) {
    const { bytesWritten } = await output.write(bytes, from);
    from += bytesWritten;
  }
}

/** Opens with O_NOATIME, so that reading does not write access times to the card; only the file's owner may do that. */
async function openUntouched(source: string): Promise<FileHandle> {
  const quiet = process.platform === 'linux' ? constants.O_NOATIME : 0;
  try {
    return await open(fsPath(source), constants.O_RDONLY | quiet);
  } catch (error) {
    if (quiet === 0 || (error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    return open(fsPath(source), constants.O_RDONLY);
  }
}
