import type { Hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { failed, ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import type { Share } from '../budget/index.ts';
import { inviteBody } from './expect.ts';
import { freeMemory } from '../../../lib/free-memory.ts';

export type Taken = (body: Outcome<Buffer>) => void;
export type BodySize = {
  readonly announced: number | null;
  readonly maxBytes: number;
  readonly allocate: (bytes: number) => Buffer;
  readonly share: Share;
  /** What came of it already. */
  readonly first?: Buffer;
  /** Is given each piece as it comes. */
  readonly hash?: Hash | null;
};

/** A single-chunk body is not copied; a longer one is assembled while it arrives. */
export function collectBody(
  raw: IncomingMessage,
  { announced, maxBytes, allocate, share, first, hash }: BodySize,
  taken: Taken,
): void {
  const pieces: Buffer[] = [];
  let whole: Buffer | null = null;
  let held = 0;
  let isOver = false;
  const end = (body: Outcome<Buffer>): void => {
    if (isOver) return;
    isOver = true;
    taken(body);
  };
  const add = (piece: Buffer): void => {
    if (isOver) return;
    const at = held;
    held += piece.byteLength;
    if (held > maxBytes) return end(failed('body-too-large', { limit: maxBytes }));
    if (!share.grow(piece.byteLength)) return end({ ok: false, fault: share.fault() });
    hash?.update(piece);
    if (announced === null || held === announced) {
      if (!whole) return void pieces.push(piece);
      piece.copy(whole, at);
      return freeMemory(piece);
    }
    whole ??= allocate(announced);
    piece.copy(whole, at);
    freeMemory(piece);
  };
  if (first) add(first);
  raw.on('data', add);
  raw.once('end', () => {
    if (isOver) return;
    if (whole ?? pieces.length < 2) return end(ok(whole ?? pieces[0] ?? Buffer.alloc(0)));
    // During the copy both buffers exist.
    if (!share.grow(held)) return end({ ok: false, fault: share.fault() });
    whole = Buffer.concat(pieces, held);
    share.shrink(held);
    end(ok(whole));
  });
  // Every request closes in the end; the texts of a fault are made for those that were cut off.
  const cutOff = (): void => {
    if (!isOver)
      end(failed('request-malformed', { what: 'The body', reason: 'it ended before all of it was here' }));
  };
  raw.once('error', cutOff);
  raw.once('close', cutOff);
  inviteBody(raw);
}
