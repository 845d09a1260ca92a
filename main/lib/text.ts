import { readFile } from 'node:fs/promises';
import { TextDecoder } from 'node:util';
import { asBuffer } from './as-buffer.ts';

/** Decoded text, or where the bytes stop being valid and which encoding they may have. */
export type TextRead =
  | { readonly ok: true; readonly text: string; readonly encoding: string }
  | { readonly ok: false; readonly why: NoText };
/** Why bytes were not decoded: the encoding is unknown, or they are invalid in it. */
export type NoText =
  | { readonly kind: 'encoding-unknown' | 'encoding-other'; readonly encoding: string }
  | { readonly kind: 'not-utf8-line'; readonly byte: string; readonly line: number };

/**
 * Decodes text. A byte order mark decides (UTF-8, UTF-16 LE or BE) and is removed; without one it is `encoding`, any
 * label of the WHATWG Encoding Standard such as `windows-1252`, by default UTF-8. Invalid bytes are refused, never
 * replaced.
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

/** As `decodeText`; rejects with the error of `readFile` when the file cannot be read. */
export async function readText(file: string, encoding?: string): Promise<TextRead> {
  return decodeText(await readFile(file), encoding);
}

/** The encoding that a byte order mark stands for. */
export function markOf(bytes: Uint8Array): 'utf-8' | 'utf-16le' | 'utf-16be' | null {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

/** UTF-16 without a byte order mark: in Latin text every other byte is zero, which does not happen in UTF-8. */
export function unmarkedUtf16(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const head = bytes.subarray(0, Math.min(64, bytes.byteLength & ~1));
  if (head.byteLength < 8) return null;
  const isZero = (from: 0 | 1): boolean => head.every((byte, at) => at % 2 !== from || byte === 0);
  const isFull = (from: 0 | 1): boolean => head.every((byte, at) => at % 2 !== from || byte !== 0);
  if (isZero(1) && isFull(0)) return 'utf-16le';
  return isZero(0) && isFull(1) ? 'utf-16be' : null;
}

/** Own decoder: TextDecoder of several Node versions decodes it as Latin-1, without €, quotes and dashes. */
function decodeWindows1252(bytes: Uint8Array): string {
  const latin1 = asBuffer(bytes).toString('latin1');
  return latin1.replace(/[\u0080-\u009F]/gu, (one) => windows1252[one.charCodeAt(0) - 0x80] ?? one);
}
const windows1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';

/** Offset of the first byte that is not valid UTF-8. */
function firstInvalid(bytes: Uint8Array): number {
  const text = asBuffer(bytes).toString('utf8');
  let offset = 0;
  let from = 0;
  for (;;) {
    const at = text.indexOf('\uFFFD', from);
    if (at < 0) return offset;
    offset += Buffer.byteLength(text.slice(from, at));
    // The replacement character may also be in the text itself.
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) return offset;
    offset += 3;
    from = at + 1;
  }
}
