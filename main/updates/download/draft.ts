import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { writeFault } from '../../../contract/faults/disk-faults.ts';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason, type Reason } from '../../../contract/faults/reasons.ts';
import type { MoveTarget } from './types.ts';

/** The partial file, written from start to end: its content is always a prefix of the new file. */
export type Draft = {
  readonly length: () => number;
  append(piece: Uint8Array): Promise<Outcome<void>>;
  /** Truncates it. */
  empty(): Promise<Outcome<void>>;
  /** Syncs it to disk and closes it. */
  close(): Promise<Outcome<void>>;
};

export async function openDraft(file: string, longest: number): Promise<Outcome<Draft>> {
  let handle: FileHandle;
  let length = 0;
  try {
    // O_NOFOLLOW: never through a symbolic link that somebody placed there.
    handle = await open(file, constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0), 0o644);
    length = (await handle.stat()).size;
  } catch (error) {
    return { ok: false, fault: writeFault(error, file) };
  }
  const trying = async (task: () => Promise<unknown>): Promise<Outcome<void>> => {
    try {
      await task();
      return ok(undefined);
    } catch (error) {
      return { ok: false, fault: writeFault(error, file) };
    }
  };
  const draft: Draft = {
    length: () => length,
    append: (piece) =>
      trying(async () => {
        for (let at = 0; at < piece.byteLength;) {
          const { bytesWritten } = await handle.write(piece, at, piece.byteLength - at, length);
          at += bytesWritten;
          length += bytesWritten;
        }
      }),
    empty: () =>
      trying(async () => {
        await handle.truncate(0);
        length = 0;
      }),
    close: () =>
      trying(async () => {
        try {
          await handle.sync();
        } finally {
          await handle.close();
        }
      }),
  };
  if (length > longest) {
    const emptied = await draft.empty();
    if (!emptied.ok) return emptied;
  }
  return ok(draft);
}

/** Path of the partial file that the next attempt resumes. */
export const partialOf = (to: string): string => `${to}.partial`;

/** Which of size and digests on disk differs from the signed ones; null for none. */
export async function differsFrom(
  file: string,
  { size, sha256, sha512 }: Pick<MoveTarget, 'size' | 'sha256' | 'sha512'>,
): Promise<Reason | null> {
  const handle = await open(file, 'r');
  try {
    if ((await handle.stat()).size !== size) return reason('the-length');
    const hashes = [createHash('sha256'), createHash('sha512')] as const;
    const buffer = Buffer.allocUnsafe(1024 ** 2);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, null);
      if (bytesRead === 0) break;
      for (const hash of hashes) hash.update(buffer.subarray(0, bytesRead));
    }
    if (hashes[0].digest('hex') !== sha256) return reason('name', { name: 'SHA-256' });
    return sha512 !== null && hashes[1].digest('hex') !== sha512 ? reason('name', { name: 'SHA-512' }) : null;
  } finally {
    await handle.close();
  }
}

/** True when the complete file exists; an invalid one is deleted. */
export async function isThere(file: string, target: MoveTarget): Promise<boolean> {
  if (!(await stat(file).catch(() => null))) return false;
  if ((await differsFrom(file, target)) === null) return true;
  await rm(file, { recursive: true, force: true });
  return false;
}
