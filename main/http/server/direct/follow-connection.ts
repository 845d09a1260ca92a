import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { InferResult } from '../../../serving/index.ts';
import type { ConnectionUse } from '../budget/index.ts';
import { bodyPlace, knownHead } from './known-head.ts';
import type { KnownHead } from './known-head.ts';
import { mostBytes } from './plain-request.ts';
import type { Asked, RepeatParts } from './types.ts';

export type Followed = {
  noteBegun(request: IncomingMessage): void;
  noteAnswered(request: IncomingMessage, asked: Asked): void;
  /** Of the request that was passed on last, where its model ran. */
  takeResult(): InferResult | null;
};
type Listener = (piece: Buffer) => void;
/** Bytes that went to Node's server, and the request that it began by them. */
type Passed = { readonly piece: Buffer; begun: IncomingMessage | null };
type Known = { readonly head: KnownHead; readonly asked: Asked };
type Held = { readonly head: Buffer; readonly bodyBytes: number; readonly timer: NodeJS.Timeout };

/** Pieces in a row that went to Node's server: a connection whose heads differ is left to it. */
const mostPassed = 32;
/** How long a head waits for its body: some programs send the two one after the other. */
const bodyMs = 10;

/**
 * Reads a kept connection ahead of Node's server, which gets every piece that is not a whole request with the head of the one before it.
 * Such a request is looked for only where the one before it is known to have ended with the last piece. Null where somebody else
 * reads the connection too.
 */
export function followConnection(
  socket: Socket,
  use: ConnectionUse,
  { isPaused, answer }: RepeatParts,
): Followed | null {
  const [toNode, ...others] = socket.listeners('data') as Listener[];
  if (!toNode || others.length > 0 || socket.destroyed) return null;
  /** Of the request that ended with what Node's server got last; null where none is known to have. */
  let known: Known | null = null;
  let held: Held | null = null;
  let last: Passed | null = null;
  let before: Passed | null = null;
  let passed = 0;
  let result: InferResult | null = null;

  const pass = (piece: Buffer): void => {
    before = last;
    last = { piece, begun: null };
    known = null;
    passed += 1;
    toNode.call(socket, piece);
    if (passed > mostPassed) leave();
  };
  /**
   * A request that was begun by the first of these pieces and is whole with the last of them is all that is in them, if it is as long as they
   * are together: nothing stands before it, and nothing behind.
   */
  const learn = (request: IncomingMessage, by: Asked): void => {
    if (!last) return;
    const pieces = last.begun || !before ? [last] : [before, last];
    const [first] = pieces;
    before = last = null;
    if (first?.begun !== request) return;
    const head = knownHead(request, first.piece);
    const place = head && bodyPlace(head, first.piece);
    const bytes = pieces.reduce((sum, { piece }) => sum + piece.byteLength, 0);
    if (head && place && place.from + place.bytes === bytes) known = { head, asked: by };
  };
  const tryAnswer = (body: Buffer): boolean => {
    if (!known || !isFree()) return false;
    const left = answer(known.asked, body);
    if (left) result = left.result;
    else passed = 0;
    return left === null;
  };
  const isFree = (): boolean =>
    !isPaused(socket) && use.underWay === 0 && !use.isEnding && socket.writableLength === 0;
  /** What was held goes to Node's server. */
  const letGo = (): void => {
    if (!held) return;
    const { head: piece, timer } = held;
    held = null;
    clearTimeout(timer);
    pass(piece);
  };
  const take = (piece: Buffer): boolean => {
    if (held) {
      if (piece.byteLength === held.bodyBytes && tryAnswer(piece)) {
        clearTimeout(held.timer);
        held = null;
        return true;
      }
      letGo();
      return false;
    }
    const place = known && bodyPlace(known.head, piece);
    if (!place || place.bytes === 0 || place.bytes > mostBytes) return false;
    if (place.from + place.bytes === piece.byteLength) return tryAnswer(piece.subarray(place.from));
    if (place.from < piece.byteLength || !isFree()) return false;
    held = { head: piece, bodyBytes: place.bytes, timer: setTimeout(letGo, bodyMs) };
    return true;
  };
  const read: Listener = (piece) => {
    result = null;
    if (!take(piece)) pass(piece);
  };
  /** For good, and once: with a second listener Node's server would be given everything twice. */
  const leave = (): void => {
    passed = -Infinity;
    letGo();
    socket.on('data', toNode);
    socket.off('data', read);
    socket.off('end', letGo);
    before = last = null;
  };
  socket.on('data', read);
  socket.off('data', toNode);
  socket.prependListener('end', letGo);
  socket.once('close', () => clearTimeout(held?.timer));
  return {
    noteBegun: (request) => {
      if (last) last.begun = request;
    },
    takeResult: () => {
      const taken = result;
      result = null;
      return taken;
    },
    noteAnswered: learn,
  };
}
