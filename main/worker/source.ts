import { closeSync, constants, fstatSync, openSync, read, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { readFault } from '../../contract/disk-faults.ts';
import { hasCode } from '../lib/error-text.ts';
import { fsPath } from '../lib/file-names.ts';
import { failed, ok, type Outcome } from '../../contract/faults.ts';
import { reason } from '../../contract/reasons.ts';

const limitBytes = 2 * 1024 ** 3 - 1;
// No system gives a whole file of 2 GiB in one call.
const pieceBytes = 64 * 1024 ** 2;
const readPiece = promisify(read);

/**
 * The whole file as it stood still. Never opens what could block, such as a FIFO. Looking at a file takes microseconds
 * on this thread and ten times as long by way of another, so only the reading itself is handed over.
 */
export async function readContent(path: string, name: string): Promise<Outcome<Uint8Array>> {
  try {
    const info = statSync(fsPath(path));
    if (!info.isFile())
      return failed('not-a-file', {
        file: name,
        what: reason(info.isDirectory() ? 'folder' : 'device-or-pipe'),
      });
    if (info.size === 0) return failed('file-empty', { file: name });
    if (info.size > limitBytes)
      return failed('file-too-large', { file: name, size: info.size, limit: limitBytes });
    const file = openSync(fsPath(path), constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      return await readStill(file, name);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return fileFault(error, name);
  }
}

async function readStill(file: number, name: string): Promise<Outcome<Uint8Array>> {
  const before = fstatSync(file, { bigint: true });
  if (before.size > BigInt(limitBytes)) return failed('file-changed', { file: name });
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
  return isStill ? ok(bytes) : failed('file-changed', { file: name });
}

function fileFault(error: unknown, name: string): Outcome<never> {
  if (!hasCode(error, 'EACCES', 'EPERM')) return { ok: false, fault: readFault(error, name) };
  return failed('file-unreadable', { file: name, reason: reason('permission-denied') });
}
