import { closeSync, constants, fstatSync, openSync, read, statSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { promisify } from 'node:util';
import { readFault } from '../../contract/faults/disk-faults.ts';
import { hasCode } from '../lib/error-text.ts';
import { fsPath } from '../lib/file-names.ts';
import { failed, ok, type Outcome } from '../../contract/faults/faults.ts';
import { reason } from '../../contract/faults/reasons.ts';
import type { WireFileIdentity } from '../../contract/wire.ts';

const limitBytes = 2 * 1024 ** 3 - 1;
// No system gives a whole file of 2 GiB in one call.
const pieceBytes = 64 * 1024 ** 2;
const readPiece = promisify(read);

/** A file's bytes, and which content they are: the identity that it had while they were read. */
export type Content = { readonly bytes: Uint8Array; readonly file: WireFileIdentity | null };

/**
 * The whole file as it stood still. Its name is looked up once: what is opened is what is judged and read, and opening
 * blocks at nothing, such as a FIFO. Looking at an open file takes microseconds on this thread and ten times as long by way
 * of another, so only the reading itself is handed over.
 */
export async function readContent(path: string, name: string): Promise<Outcome<Content>> {
  try {
    const file = openSync(fsPath(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return await readStill(file, name);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return notOpened(error, path, name);
  }
}

async function readStill(file: number, name: string): Promise<Outcome<Content>> {
  const before = fstatSync(file, { bigint: true });
  if (!before.isFile()) return notAFile(before, name);
  if (before.size === 0n) return failed('file-empty', { file: name });
  if (before.size > BigInt(limitBytes))
    return failed('file-too-large', { file: name, size: Number(before.size), limit: limitBytes });
  const bytes = Buffer.allocUnsafeSlow(Number(before.size));
  let filled = 0;
  while (filled < bytes.byteLength) {
    const wanted = Math.min(pieceBytes, bytes.byteLength - filled);
    const { bytesRead } = await readPiece(file, bytes, filled, wanted, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  const after = fstatSync(file, { bigint: true });
  const isStill =
    before.mtimeNs === after.mtimeNs && before.size === after.size && filled === bytes.byteLength;
  if (!isStill) return failed('file-changed', { file: name });
  const { mtimeNs, ino } = before;
  return ok({ bytes, file: { size: bytes.byteLength, mtimeNs: String(mtimeNs), inode: String(ino) } });
}

const notAFile = (stats: Pick<BigIntStats, 'isDirectory'>, name: string): Outcome<never> =>
  failed('not-a-file', { file: name, what: reason(stats.isDirectory() ? 'folder' : 'device-or-pipe') });

/** A socket is never opened, and a folder not by every system. */
function notOpened(error: unknown, path: string, name: string): Outcome<never> {
  try {
    const stats = statSync(fsPath(path), { bigint: true });
    if (!stats.isFile()) return notAFile(stats, name);
  } catch {
    // What opening said is the reason.
  }
  return fileFault(error, name);
}

function fileFault(error: unknown, name: string): Outcome<never> {
  if (!hasCode(error, 'EACCES', 'EPERM')) return { ok: false, fault: readFault(error, name) };
  return failed('file-unreadable', { file: name, reason: reason('permission-denied') });
}
