import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { detail, reason, systemReason, type Reason } from '../../contract/faults/reasons.ts';
import { messageOf } from '../lib/error-text.ts';

/** Why a file of a pack was not read. */
export type Unread =
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-plain'; readonly what: Reason }
  | { readonly kind: 'size'; readonly size: number }
  | { readonly kind: 'unreadable'; readonly reason: Reason };
type PlainFile =
  | { readonly ok: true; readonly bytes: Buffer; readonly sha256: string }
  | { readonly ok: false; readonly why: Unread };
export type Measured =
  { readonly ok: true; readonly sha256: string } | { readonly ok: false; readonly why: Unread };

// A symbolic link as last component is refused, and opening a FIFO does not block.
const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
const pieceBytes = 1024 ** 2;

/** Reads a whole file of a pack, up to `limit` bytes. */
export async function readPlainFile(folder: string, path: string, limit: number): Promise<PlainFile> {
  const pieces: Buffer[] = [];
  const measured = await read(join(folder, path), limit, (piece) => pieces.push(Buffer.from(piece)));
  return measured.ok ? { ok: true, bytes: Buffer.concat(pieces), sha256: measured.sha256 } : measured;
}

/**
 * SHA-256 of a file of exactly `size` bytes, or of any size for `null`. Read in pieces; a longer file is not read to
 * its end.
 */
export async function measureFile(folder: string, path: string, size: number | null): Promise<Measured> {
  let total = 0;
  const measured = await read(join(folder, path), size ?? Infinity, (piece) => {
    total += piece.byteLength;
  });
  return measured.ok && size !== null && total !== size
    ? { ok: false, why: { kind: 'size', size: total } }
    : measured;
}

/** The kind of what is not a regular file. */
export function nameKind(
  entry: Pick<Stats, 'isSymbolicLink' | 'isDirectory' | 'isFIFO' | 'isSocket'>,
): 'link' | 'folder' | 'fifo' | 'socket' | 'device' {
  if (entry.isSymbolicLink()) return 'link';
  if (entry.isDirectory()) return 'folder';
  if (entry.isFIFO()) return 'fifo';
  return entry.isSocket() ? 'socket' : 'device';
}

async function read(path: string, limit: number, onPiece: (piece: Buffer) => void): Promise<Measured> {
  let handle: FileHandle;
  try {
    handle = await open(path, flags);
  } catch (error) {
    return { ok: false, why: explain(error) };
  }
  try {
    const entry = await handle.stat();
    if (!entry.isFile()) return { ok: false, why: { kind: 'not-plain', what: reason(nameKind(entry)) } };
    if (entry.size > limit) return { ok: false, why: { kind: 'size', size: entry.size } };
    return await digest(handle, limit, onPiece);
  } catch (error) {
    return { ok: false, why: explain(error) };
  } finally {
    await handle.close();
  }
}

async function digest(
  handle: FileHandle,
  limit: number,
  onPiece: (piece: Buffer) => void,
): Promise<Measured> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(pieceBytes);
  for (let total = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, null);
    if (bytesRead === 0) return { ok: true, sha256: hash.digest('hex') };
    total += bytesRead;
    // The file may have grown since its size was read.
    if (total > limit) return { ok: false, why: { kind: 'size', size: total } };
    hash.update(buffer.subarray(0, bytesRead));
    onPiece(buffer.subarray(0, bytesRead));
  }
}

function explain(error: unknown): Unread {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing' };
  if (code === 'ELOOP') return { kind: 'not-plain', what: reason('link') };
  // Error of opening a socket, or a device without a driver.
  if (code === 'ENXIO') return { kind: 'not-plain', what: reason('socket') };
  // An error of Node itself has no number of the system; its code alone would not say what is wrong.
  const isOfSystem = typeof (error as NodeJS.ErrnoException).errno === 'number';
  return { kind: 'unreadable', reason: isOfSystem ? systemReason(error) : detail(messageOf(error)) };
}
