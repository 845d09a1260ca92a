import type { IncomingMessage } from 'node:http';

/** The bytes of a head around the number of its content length, which alone may be another one in the next request. */
export type KnownHead = { readonly before: Buffer; readonly after: Buffer };
export type BodyPlace = { readonly from: number; readonly bytes: number };

/** Digits of a content length that is read here. */
const mostDigits = 7;
const colon = 0x3a;

/**
 * The head of `request`, if `piece` begins with exactly its bytes as any client would write them: then nothing stood before it that
 * the parser had still to end. Null for a head that is spaced in another way, which is one all the same.
 */
export function knownHead(request: IncomingMessage, piece: Buffer): KnownHead | null {
  const { rawHeaders, method, url, httpVersion } = request;
  let text = `${method} ${url} HTTP/${httpVersion}\r\n`;
  let lengthAt = 0;
  let lengthEnd = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]];
    text += `${name}: ${value}\r\n`;
    if (name.toLowerCase() !== 'content-length') continue;
    if (lengthAt > 0 || !/^\d{1,7}$/u.test(value)) return null;
    lengthEnd = text.length - 2;
    lengthAt = lengthEnd - value.length;
  }
  text += '\r\n';
  const bytes = Buffer.from(text, 'latin1');
  if (lengthAt === 0 || !piece.subarray(0, bytes.byteLength).equals(bytes)) return null;
  return { before: bytes.subarray(0, lengthAt), after: bytes.subarray(lengthEnd) };
}

/** Where the body of a request with this head begins in `piece`, and its announced size; null where another head is there. */
export function bodyPlace({ before, after }: KnownHead, piece: Buffer): BodyPlace | null {
  const start = before.byteLength;
  if (piece.byteLength < start + after.byteLength || piece.compare(before, 0, start, 0, start) !== 0)
    return null;
  let at = start;
  let bytes = 0;
  for (let digit = digitAt(piece, at); digit >= 0; digit = digitAt(piece, at)) {
    bytes = 10 * bytes + digit;
    at += 1;
    if (at - start > mostDigits) return null;
  }
  const from = at + after.byteLength;
  if (at === start || piece.byteLength < from) return null;
  return piece.compare(after, 0, after.byteLength, at, from) === 0 ? { from, bytes } : null;
}

/** -1 for what is none. */
function digitAt(piece: Buffer, at: number): number {
  const code = piece[at] ?? colon;
  return code >= 0x30 && code < colon ? code - 0x30 : -1;
}
