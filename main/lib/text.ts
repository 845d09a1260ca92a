import { readFile } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { asBuffer } from './as-buffer.ts';

/** Text from outside, or where it stops being text and what it may be instead. */
export type TextRead =
  | { readonly ok: true; readonly text: string; readonly encoding: string }
  | { readonly ok: false; readonly why: NoText };
/** Why bytes are no text: the encoding is not known, or does not fit them. */
export type NoText =
  | { readonly kind: 'encoding-unknown' | 'encoding-other'; readonly encoding: string }
  | { readonly kind: 'not-utf8-line'; readonly byte: string; readonly line: number };

/**
 * The text in these bytes. A byte order mark decides (UTF-8, UTF-16 LE or BE) and is left out of the text; without one
 * it is `encoding`, any label of the WHATWG list such as `windows-1252`, and UTF-8 when none is named. Bytes that do not
 * fit are refused, never replaced.
 */
export function decodeText(bytes: Uint8Array, encoding?: string): TextRead {
  const marked = markOf(bytes);
  const name = marked ?? encoding?.trim().toLowerCase() ?? unmarkedUtf16(bytes) ?? 'utf-8';
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(name, { fatal: true });
  } catch {
    return { ok: false, why: { kind: 'encoding-unknown', encoding: name } };
  }
  try {
    const text = decoder.encoding === 'windows-1252' ? decodeWindows1252(bytes) : decoder.decode(bytes);
    return { ok: true, text, encoding: decoder.encoding };
  } catch {
    if (decoder.encoding !== 'utf-8')
      return { ok: false, why: { kind: 'encoding-other', encoding: decoder.encoding } };
    const at = firstInvalid(bytes);
    const line = bytes.subarray(0, at).reduce((count, byte) => count + (byte === 10 ? 1 : 0), 1);
    const byte = (bytes[at] ?? 0).toString(16).padStart(2, '0').toUpperCase();
    return { ok: false, why: { kind: 'not-utf8-line', byte, line } };
  }
}

/** As `decodeText`; rejects as `readFile` does when the file cannot be read. */
export async function readText(file: string, encoding?: string): Promise<TextRead> {
  return decodeText(await readFile(file), encoding);
}

/** The encoding that a byte order mark names. */
export function markOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

/** UTF-16 without its mark: in plain Latin text every other byte is zero, which no UTF-8 text looks like. */
export function unmarkedUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const head = bytes.subarray(0, Math.min(64, bytes.byteLength & ~1));
  if (head.byteLength < 8) return null;
  const isZero = (from: 0 | 1): boolean => head.every((byte, at) => at % 2 !== from || byte === 0);
  const isFull = (from: 0 | 1): boolean => head.every((byte, at) => at % 2 !== from || byte !== 0);
  if (isZero(1) && isFull(0)) return 'utf-16le';
  return isZero(0) && isFull(1) ? 'utf-16be' : null;
}

/** By hand: TextDecoder of several Node versions reads it as Latin-1, without €, quotes and dashes. */
function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = asBuffer(bytes).toString('latin1');
  return latin1.replace(/[\u0080-\u009F]/gu, (one) => windows1252[one.charCodeAt(0) - 0x80] ?? one);
}
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';

/** The offset of the first byte that is no UTF-8. */
function firstInvalid(bytes: Uint8Array): number {
  const text = asBuffer(bytes).toString('utf8');
  let offset = 0;
  let from = 0;
  for (;;) {
    const at = text.indexOf('\uFFFD', from);
    if (at < 0) return offset;
    offset += Buffer.byteLength(text.slice(from, at));
    // The replacement character may also stand in the text itself.
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return offset;
    offset += 3;
    from = at + 1;
  }
}
