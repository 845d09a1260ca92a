import { isFrame, isLoose, marker, nextMarker } from './jpeg-file.ts';
import { asBuffer } from '../lib/as-buffer.ts';

/**
 * The same JPEG without what libjpeg warns of although it costs no pixel: bytes between two segments or behind the end,
 * zeros behind the data of a scan, an unknown version of JFIF or transform of Adobe, a sequential scan whose unused
 * parameters are not the usual ones. The pixels stay as they are, so whatever is warned of afterwards is damage. What
 * stands behind the last marker that makes sense is left alone. Gives `bytes` itself where nothing odd is found.
 */
export function withoutOddities(bytes: Uint8Array): Uint8Array {
  const view = asBuffer(bytes);
  const parts: Buffer[] = [view.subarray(0, 2)];
  const known: Known = { isSequential: false, components: 0, adobe: null };
  let isOdd = false;
  let at = 2;
  for (;;) {
    const next = nextMarker(view, at);
    if (next < 0) break;
    // libjpeg lets 0xff stand before a marker as often as it likes.
    if (next > at && view.subarray(at, next).some((byte) => byte !== 0xff)) isOdd = true;
    const code = view[next + 1]!;
    if (code === marker.endOfImage) {
      parts.push(view.subarray(next, next + 2));
      at = view.length;
      break;
    }
    const length = isLoose(code) ? 0 : next + 4 <= view.length ? view.readUInt16BE(next + 2) : -1;
    const behind = next + 2 + length;
    if (length < 0 || (length < 2 && !isLoose(code)) || behind > view.length) break;
    const segment = Buffer.from(view.subarray(next, behind));
    at = behind;
    if (patch(segment, known)) isOdd = true;
    parts.push(segment);
    if (code !== marker.startOfScan) continue;
    const end = nextMarker(view, at);
    if (end < 0) break;
    const data = withoutZeros(view.subarray(at, end));
    if (data.length < end - at) isOdd = true;
    parts.push(data);
    at = end;
  }
  parts.push(view.subarray(at));
  if (known.adobe && patchTransform(known.adobe, known.components)) isOdd = true;
  return isOdd ? Buffer.concat(parts) : bytes;
}

/** What the segments before this one said. `adobe`: where the kind of colours stands, of its last byte. */
type Known = { isSequential: boolean; components: number; adobe: Buffer | null };

const startsWith = (segment: Buffer, word: string): boolean =>
  segment.toString('latin1', 4, 4 + word.length) === word;

/** Puts the usual value where an unusual one changes nothing; whether there was one. `segment`: from its marker on. */
function patch(segment: Buffer, known: Known): boolean {
  const code = segment[1]!;
  if (code === 0xe0 && segment.length >= 11 && startsWith(segment, 'JFIF\0')) return put(segment, 9, 1);
  if (code === 0xee && segment.length >= 16 && startsWith(segment, 'Adobe')) known.adobe = segment;
  if (isFrame(code) && segment.length >= 10) {
    known.isSequential = [0xc0, 0xc1, 0xc9].includes(code);
    known.components = segment[9]!;
  }
  if (code !== marker.startOfScan || !known.isSequential || segment.length < 8) return false;
  const tail = 5 + 2 * segment[4]!;
  if (segment.length < tail + 3) return false;
  const [first, last, bits] = [put(segment, tail, 0), put(segment, tail + 1, 63), put(segment, tail + 2, 0)];
  return first || last || bits;
}

/** libjpeg takes an unknown transform for the usual one of so many components. */
function patchTransform(adobe: Buffer, components: number): boolean {
  const usual = components === 3 ? 1 : components === 4 ? 2 : null;
  const value = adobe[15]!;
  return usual !== null && value !== 0 && put(adobe, 15, usual);
}

function put(segment: Buffer, at: number, value: number): boolean {
  if (segment[at] === value) return false;
  segment[at] = value;
  return true;
}

/** One zero may be the last of the data, and one behind 0xff is; more are padding. */
function withoutZeros(data: Buffer): Buffer {
  let length = data.length;
  while (length > 0 && data[length - 1] === 0) length -= 1;
  if (data[length - 1] === 0xff && length < data.length) length += 1;
  return data.length - length < 2 ? data : data.subarray(0, length);
}
