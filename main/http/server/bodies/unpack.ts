import type { IncomingMessage } from 'node:http';
import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { failed, ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import type { Share } from '../budget/index.ts';

const chunkSize = 64 * 1024;
const unpackers: ReadonlyMap<string, () => Transform> = new Map([
  ['gzip', () => createGunzip({ chunkSize })],
  ['x-gzip', () => createGunzip({ chunkSize })],
  ['deflate', () => createInflate({ chunkSize })],
  ['br', () => createBrotliDecompress({ chunkSize })],
]);
export const encodings = 'gzip, deflate or br';

/** What unpacks an encoding; null for one that is not spoken. */
export const unpackerOf = (encoding: string): Transform | null =>
  unpackers.get(encoding.trim().toLowerCase())?.() ?? null;

/**
 * Unpacks a body as it comes. Each piece counts against the budget before the next one is made, so that a small body that
 * unpacks to gigabytes costs no more than its limit. Faults: `body-too-large`, `request-memory-full`, `request-malformed`.
 */
export function collectUnpacked(
  raw: IncomingMessage,
  unpacker: Transform,
  { maxBytes, share }: { readonly maxBytes: number; readonly share: Share },
): Promise<Outcome<Buffer>> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    let packedBytes = 0;
    let bytes = 0;
    const end = (body: Outcome<Buffer>): void => {
      raw.unpipe(unpacker);
      unpacker.destroy();
      resolve(body);
    };
    const tooLarge = (): void => end(failed('body-too-large', { limit: maxBytes }));
    const full = (): void => end({ ok: false, fault: share.fault() });
    raw.on('data', (piece: Buffer) => {
      packedBytes += piece.byteLength;
      if (packedBytes > maxBytes) tooLarge();
    });
    unpacker.on('data', (piece: Buffer) => {
      if (unpacker.destroyed) return;
      bytes += piece.byteLength;
      if (bytes > maxBytes) return tooLarge();
      if (!share.grow(piece.byteLength)) return full();
      pieces.push(piece);
    });
    unpacker.once('end', () => {
      // During the copy both buffers exist.
      if (pieces.length > 1 && !share.grow(bytes)) return full();
      const whole = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces, bytes);
      if (pieces.length > 1) share.shrink(bytes);
      end(ok(whole));
    });
    const broken = (reason: string): void => end(failed('request-malformed', { what: 'The body', reason }));
    unpacker.once('error', ({ message }) => broken(`it cannot be unpacked (${message})`));
    const cutOff = (): void => {
      if (!raw.complete) broken('it ended before all of it was here');
    };
    raw.once('error', cutOff);
    raw.once('close', cutOff);
    raw.pipe(unpacker);
  });
}
