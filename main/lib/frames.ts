import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';

/** A message with the binary blobs that followed it. */
export type Frame<T> = { readonly message: T; readonly blobs: readonly Uint8Array[] };

/** Bytes that follow a message. Several pieces arrive as one blob; the sender need not concatenate them. */
export type Blob = Uint8Array | readonly Uint8Array[];

/** A frame in pieces; `blobFile` is the file that holds its blobs when they are not sent over the socket. */
type EncodedFrame = { readonly pieces: readonly Uint8Array[]; readonly blobFile: string | null };

/**
 * One frame in pieces: its length, the length of its JSON, the JSON, the blobs. With `memory`, a folder on a memory
 * file system (/dev/shm), large blobs are written to a file there and only its path is sent: a third of the cost of
 * streaming them.
 */
function encodeFrame(
  message: object,
  blobs: readonly Blob[] = [],
  memory: string | null = null,
): EncodedFrame {
  const pieces = blobs.flat();
  const sizes = blobs.map(sizeOf);
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (memory !== null && bytes >= sharedFrom) {
    const blobFile = share(memory, pieces);
    if (blobFile !== null)
      return {
        pieces: [framed(Buffer.from(JSON.stringify({ ...message, blobs: sizes, blobFile })))],
        blobFile,
      };
  }
  const json = Buffer.from(JSON.stringify({ ...message, blobs: sizes }));
  const size = bytes + 4 + json.byteLength;
  const head = Buffer.allocUnsafe(8);
  head.writeUInt32LE(size, 0);
  head.writeUInt32LE(json.byteLength, 4);
  // Small blobs are copied into the header, which is cheaper than one more piece to write; tensors and photos are never
  // copied.
  return {
    pieces: size < smallFrame ? [Buffer.concat([head, json, ...pieces])] : [head, json, ...pieces],
    blobFile: null,
  };
}
const smallFrame = 16 * 1024;
const sharedFrom = 128 * 1024;

/**
 * Writes the bytes to a file in memory and returns its path; null when there is no room. The reader deletes the file.
 */
function share(memory: string, pieces: readonly Uint8Array[]): string | null {
  const file = join(memory, randomUUID());
  try {
    const handle = openSync(file, 'wx', 0o600);
    try {
      for (const piece of pieces) for (let at = 0; at < piece.byteLength;) at += writeSync(handle, piece, at);
    } finally {
      closeSync(handle);
    }
    return file;
  } catch {
    try {
      unlinkSync(file);
    } catch {
      // The file was not created.
    }
    return null;
  }
}

function framed(json: Buffer): Buffer {
  const head = Buffer.allocUnsafe(8);
  head.writeUInt32LE(4 + json.byteLength, 0);
  head.writeUInt32LE(json.byteLength, 4);
  return Buffer.concat([head, json]);
}

function sizeOf(blob: Blob): number {
  return blob instanceof Uint8Array
    ? blob.byteLength
    : blob.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/**
 * Writes frames to a socket; those of one turn of the event loop are flushed together. Returns the path of the file
 * with the blobs, if any: the reader deletes it, and the writer must when the reader ends before it could.
 */
export function frameWriter(
  socket: Socket,
  memory: string | null = null,
): (message: object, blobs?: readonly Blob[]) => string | null {
  let isCorked = false;
  return (message, blobs) => {
    if (socket.destroyed) return null;
    if (!isCorked) {
      isCorked = true;
      socket.cork();
      setImmediate(() => {
        isCorked = false;
        socket.uncork();
      });
    }
    const { pieces, blobFile } = encodeFrame(message, blobs, memory);
    for (const piece of pieces) socket.write(piece);
    return blobFile;
  };
}

/**
 * Calls `onFrame` for each complete frame; a frame that cannot be parsed destroys the socket. Only a reader that trusts
 * its writer accepts paths of blob files (`hasMemory`), since it reads and deletes those files.
 */
export function readFrames<T>(socket: Socket, onFrame: (frame: Frame<T>) => void, hasMemory = false): void {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = 4;
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    held += chunk.byteLength;
    if (held < wanted) return;
    let rest = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, held);
    for (;;) {
      if (rest.byteLength < 4) {
        wanted = 4;
        break;
      }
      const end = 4 + rest.readUInt32LE(0);
      if (rest.byteLength < end) {
        wanted = end;
        break;
      }
      const frame = decode<T>(rest.subarray(4, end), hasMemory);
      if (!frame) {
        socket.destroy(new Error('a frame did not parse'));
        return;
      }
      rest = rest.subarray(end);
      onFrame(frame);
    }
    chunks = rest.byteLength > 0 ? [rest] : [];
    held = rest.byteLength;
  });
}

function decode<T>(body: Buffer, hasMemory: boolean): Frame<T> | null {
  try {
    const jsonEnd = 4 + body.readUInt32LE(0);
    const {
      blobs: sizes,
      blobFile,
      ...message
    } = JSON.parse(body.toString('utf8', 4, jsonEnd)) as { blobs: number[]; blobFile?: string };
    if (blobFile !== undefined && !hasMemory) return null;
    const bytes = blobFile === undefined ? body : readFileSync(blobFile);
    if (blobFile !== undefined) unlinkSync(blobFile);
    const blobs: Uint8Array[] = [];
    let at = blobFile === undefined ? jsonEnd : 0;
    for (const size of sizes) {
      blobs.push(bytes.subarray(at, at + size));
      at += size;
    }
    return at === bytes.byteLength ? { message: message as T, blobs } : null;
  } catch {
    return null;
  }
}
