import type { Size } from '../../contract/pictures/boxes.ts';
import { asBuffer } from '../lib/as-buffer.ts';
import { isUprightExif, startsExif } from './jpeg-orientation.ts';

/** A flavour that the decoders do not read. */
type UnreadJpeg = { readonly kind: 'jpeg-ls' } | { readonly kind: 'bits'; readonly bits: number };

/** What the markers of a JPEG say, without decoding it. */
type JpegFile = {
  /** Null for one that is read. */
  readonly unread: UnreadJpeg | null;
  /** Whether the marker that ends a picture stands behind its data. */
  readonly hasEnd: boolean;
  /** Whether each coefficient is sent to its last bit: a progressive file that was cut between two scans is whole but blurred. */
  readonly isComplete: boolean;
  /** Of a picture that surely is to be seen as it is stored; null where that takes a decoder. */
  readonly upright: Upright | null;
};

/** Sides in pixels, and the Exif block where there is one, of a picture in colours that the decoders read. */
export type Upright = Size & { readonly exif: Uint8Array | null };

export const marker = {
  startOfImage: 0xd8,
  endOfImage: 0xd9,
  startOfScan: 0xda,
  app1: 0xe1,
  lossless: 0xf7,
  temporary: 0x01,
};
/** SOF0 to SOF15, without DHT, JPG and DAC, which lie between them. */
export const isFrame = (code: number): boolean =>
  code >= 0xc0 && code <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(code);
const isProgressive = (code: number): boolean => [0xc2, 0xc6, 0xca, 0xce].includes(code);
export const isLoose = (code: number): boolean => code === marker.temporary || (code >= 0xd0 && code <= 0xd8);

/** Reads the header, and all markers only where the file does not end with the end marker: then it may have been cut. */
export function readJpeg(bytes: Uint8Array): JpegFile {
  const view = asBuffer(bytes);
  const isPlain = view.length > 4 && view.readUInt16BE(view.length - 2) === 0xffd9;
  const pending = new Map<string, number>();
  let unread: UnreadJpeg | null = null;
  let progressive = false;
  const frames: (Size | null)[] = [];
  const exifs: Buffer[] = [];
  for (let at = 2; ;) {
    at = nextMarker(view, at);
    if (at < 0) break;
    const code = view[at + 1]!;
    if (code === marker.endOfImage) return { unread, hasEnd: true, isComplete: true, upright: null };
    const length = isLoose(code) ? 0 : at + 4 <= view.length ? view.readUInt16BE(at + 2) : -1;
    if (length < 0 || at + 2 + length > view.length) break;
    if (code === marker.lossless)
      return { unread: { kind: 'jpeg-ls' }, hasEnd: true, isComplete: true, upright: null };
    if (isFrame(code) && length >= 8) {
      const precision = view[at + 4]!;
      if (precision !== 8) unread = { kind: 'bits', bits: precision };
      progressive = isProgressive(code);
      frames.push(sidesOf(view.subarray(at + 4, at + 2 + length)));
    }
    if (code === marker.app1) {
      const segment = view.subarray(at + 4, at + 2 + length);
      if (startsExif(segment)) exifs.push(segment);
    }
    if (code === marker.startOfScan) {
      if (isPlain) return { unread, hasEnd: true, isComplete: true, upright: uprightOf(frames, exifs) };
      if (progressive) noteScan(view.subarray(at + 4, at + 2 + length), pending);
    }
    at += 2 + length;
  }
  const isComplete = !progressive || (pending.size > 0 && [...pending.values()].every((bit) => bit === 0));
  return { unread, hasEnd: false, isComplete, upright: null };
}

function uprightOf(frames: readonly (Size | null)[], exifs: readonly Buffer[]): Upright | null {
  const [sides] = frames;
  const [exif = null] = exifs;
  if (!sides || frames.length > 1 || exifs.length > 1) return null;
  return exif && !isUprightExif(exif) ? null : { ...sides, exif };
}

/** `frame`: the segment behind its length. Null where libvips would have to be asked what it makes of it. */
function sidesOf(frame: Buffer): Size | null {
  const [height, width, components] = [frame.readUInt16BE(1), frame.readUInt16BE(3), frame[5]!];
  return width > 0 && height > 0 && [1, 3, 4].includes(components) ? { width, height } : null;
}

/**
 * The same picture with its end marker. Zeros at the end are what a card leaves where a file was never written: they
 * would be decoded as flat blocks.
 */
export function withEnd(bytes: Uint8Array): Uint8Array {
  let length = bytes.byteLength;
  while (length > 4 && bytes[length - 1] === 0) length -= 1;
  // A zero behind 0xff belongs to it.
  if (bytes[length - 1] === 0xff && length < bytes.byteLength) length += 1;
  const whole = new Uint8Array(length + 2);
  whole.set(bytes.subarray(0, length));
  whole.set([0xff, marker.endOfImage], length);
  return whole;
}

/** Where the next marker begins, in entropy-coded data too: there 0xff 00 is a value and RST0 to RST7 belong to it. Negative at the end. */
export function nextMarker(view: Buffer, from: number): number {
  for (let at = view.indexOf(0xff, from); at >= 0 && at + 1 < view.length; at = view.indexOf(0xff, at + 1)) {
    const code = view[at + 1]!;
    if (code !== 0 && code !== 0xff && !(code >= 0xd0 && code <= 0xd7)) return at;
  }
  return -1;
}

/** Keeps the lowest bit that was sent of each component's coefficients. `scan`: the segment behind its length. */
function noteScan(scan: Buffer, pending: Map<string, number>): void {
  const components = scan[0] ?? 0;
  const tail = 1 + 2 * components;
  if (scan.length < tail + 3) return;
  const [first, last, bits] = [scan[tail]!, scan[tail + 1]!, scan[tail + 2]!];
  for (let index = 0; index < components; index += 1) {
    const component = scan[1 + 2 * index]!;
    if (!pending.has(`${component}.0`))
      for (let at = 0; at < 64; at += 1) pending.set(`${component}.${at}`, 16);
    for (let at = first; at <= Math.min(last, 63); at += 1) pending.set(`${component}.${at}`, bits & 15);
  }
}
