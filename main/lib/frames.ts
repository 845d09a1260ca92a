import type { Socket } from 'node:net';

/** A sentence with the bytes that came behind it. */
export type Frame<T> = { readonly sentence: T; readonly blobs: readonly Uint8Array[] };

/** One frame as contract/wire.ts draws it. */
export function encodeFrame(sentence: object, blobs: readonly Uint8Array[] = []): Buffer {
  const json = Buffer.from(JSON.stringify({ ...sentence, blobs: blobs.map((blob) => blob.byteLength) }));
  const size = blobs.reduce((sum, blob) => sum + blob.byteLength, 4 + json.byteLength);
  const head = Buffer.allocUnsafe(8);
  head.writeUInt32LE(size, 0);
  head.writeUInt32LE(json.byteLength, 4);
  return Buffer.concat([head, json, ...blobs]);
}

/** Writes frames to a socket; those of one turn of the event loop go out together. */
export function frameWriter(socket: Socket): (sentence: object, blobs?: readonly Uint8Array[]) => void {
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
    socket.write(encodeFrame(sentence, blobs));
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
