import { asBuffer } from './as-buffer.ts';

/*
 * Strings of a tensor as the Open Inference Protocol encodes them: each preceded by its length in bytes, a
 * little-endian uint32 (`serialize_byte_tensor` of Triton's clients).
 */

/** Encodes the strings, each preceded by its length. */
export function joinStrings(strings: readonly Uint8Array[]): Buffer {
  const data = Buffer.allocUnsafe(strings.reduce((sum, { byteLength }) => sum + 4 + byteLength, 0));
  let at = 0;
  for (const each of strings) {
    at = data.writeUInt32LE(each.byteLength, at);
    data.set(each, at);
    at += each.byteLength;
  }
  return data;
}

export const joinTexts = (texts: readonly string[]): Buffer =>
  joinStrings(texts.map((text) => Buffer.from(text, 'utf8')));

/** The end offset of the string whose length is at offset `at`; null where that is beyond the end. */
export function endOfString(data: Buffer, at: number): number | null {
  if (at + 4 > data.byteLength) return null;
  const end = at + 4 + data.readUInt32LE(at);
  return end > data.byteLength ? null : end;
}

/**
 * The strings as views of the bytes; null where a length is cut off or exceeds the rest, or where there are more than
 * `most`.
 */
export function splitStrings(bytes: Uint8Array, most = Infinity): readonly Buffer[] | null {
  const data = asBuffer(bytes);
  const strings: Buffer[] = [];
  for (let at = 0; at < data.byteLength;) {
    const end = endOfString(data, at);
    if (end === null || strings.length === most) return null;
    strings.push(data.subarray(at + 4, end));
    at = end;
  }
  return strings;
}

/** The strings of bytes that were validated before, as views. Throws RangeError when they are invalid all the same. */
export function stringsOf(bytes: Uint8Array): readonly Buffer[] {
  const strings = splitStrings(bytes);
  if (!strings) throw new RangeError(beyond);
  return strings;
}

/** The same decoded as UTF-8, without a view for each. */
export function textsOf(bytes: Uint8Array): readonly string[] {
  const data = asBuffer(bytes);
  const texts: string[] = [];
  for (let at = 0; at < data.byteLength;) {
    const end = endOfString(data, at);
    if (end === null) throw new RangeError(beyond);
    texts.push(data.toString('utf8', at + 4, end));
    at = end;
  }
  return texts;
}

const beyond = 'its last string ends beyond its bytes';
