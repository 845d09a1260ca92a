import type { Socket } from 'node:net';

/** A sentence with the bytes that came behind it. */
export type Frame<T> = { readonly sentence: T; readonly blobs: readonly Uint8Array[] };

/** Bytes that go behind a sentence; several pieces are one blob on the other side, and nobody joins them before. */
export type Blob = Uint8Array | readonly Uint8Array[];

/** One frame as contract/wire.ts draws it, in pieces. */
export function encodeFrame(sentence: object, blobs: readonly Blob[] = []): readonly Uint8Array[] {
  const pieces = blobs.flat();
  const json = Buffer.from(JSON.stringify({ ...sentence, blobs: blobs.map(sizeOf) }));
  const size = pieces.reduce((sum, { byteLength }) => sum + byteLength, 4 + json.byteLength);
  const head = Buffer.allocUnsafe(8);
  head.writeUInt32LE(size, 0);
  head.writeUInt32LE(json.byteLength, 4);
  // A few copied bytes cost less than one more piece in the write; a tensor or a photo is never copied.
  return size < smallFrame ? [Buffer.concat([head, json, ...pieces])] : [head, json, ...pieces];
}
const smallFrame = 16 * 1024;

function sizeOf(blob: Blob): number {
  return blob instanceof Uint8Array
    ? blob.byteLength
    : blob.reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** Writes frames to a socket; those of one turn of the event loop go out together. */
export function frameWriter(socket: Socket): (sentence: object, blobs?: readonly Blob[]) => void {
  let isCorked = false;
  return (sentence, blobs) => {
    if (socket.destroyed) return;
    if (!isCorked) {
      isCorked = true;
      socket.cork();
      setImmediate(() => {
        isCorked = false;
        socket.uncork();
      });
    }
    for (const piece of encodeFrame(sentence, blobs)) socket.write(piece);
  };
}

/** Calls back for each whole frame; anything that does not parse destroys the socket. */
export function readFrames<T>(socket: Socket, onFrame: (frame: Frame<T>) => void): void {
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
      const frame = decode<T>(rest.subarray(4, end));
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

function decode<T>(body: Buffer): Frame<T> | null {
  try {
    const jsonEnd = 4 + body.readUInt32LE(0);
    const { blobs: sizes, ...sentence } = JSON.parse(body.toString('utf8', 4, jsonEnd)) as {
      blobs: number[];
    };
    const blobs: Uint8Array[] = [];
    let at = jsonEnd;
    for (const size of sizes) {
      blobs.push(body.subarray(at, at + size));
      at += size;
    }
    return at === body.byteLength ? { sentence: sentence as T, blobs } : null;
  } catch {
    return null;
  }
}
