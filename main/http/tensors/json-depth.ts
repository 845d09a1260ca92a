/**
 * How deep lists and objects of a JSON text lie in each other, told without parsing it; more than `most` is `most + 1`.
 * For what is about to be given to JSON.parse; a text that is not JSON gets some number.
 */
export function jsonDepth(bytes: Uint8Array, most: number): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte === quote) at = endOfString(bytes, at + 1);
    else if (byte === openList || byte === openObject) {
      if (++depth > deepest) deepest = depth;
      if (depth > most) return depth;
    } else if (byte === closeList || byte === closeObject) depth -= 1;
  }
  return deepest;
}

const quote = 0x22;
const backslash = 0x5c;
const openList = 0x5b;
const closeList = 0x5d;
const openObject = 0x7b;
const closeObject = 0x7d;

/** Place of the closing quote, or the end. */
function endOfString(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at;
}
