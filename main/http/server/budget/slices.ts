import { Readable } from 'node:stream';

/** So much is handed to the connection at a time: the rest waits in the memory that it has already, and is not copied. */
const sliceBytes = 64 * 1024;

/** Bytes that may be shared with other answers, as a stream of views that goes at the pace of its reader. */
export function slicesOf(pieces: readonly Uint8Array[]): Readable {
  return Readable.from(slices(pieces), { objectMode: false, highWaterMark: sliceBytes });
}

function* slices(pieces: readonly Uint8Array[]): Generator<Uint8Array> {
  for (const piece of pieces)
    for (let at = 0; at < piece.byteLength; at += sliceBytes) yield piece.subarray(at, at + sliceBytes);
}
