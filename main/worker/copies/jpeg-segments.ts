import { viewOf } from '../../../contract/tensors/tensor-codec.ts';
import type { CopyExif } from '../../../contract/pictures/picture-copy.ts';
import { editExif } from './exif-block.ts';

/** A part of a JPEG in front of its pixels: `marker` is its second byte, `bytes` all of it. */
type Segment = { readonly marker: number; readonly bytes: Uint8Array };

const startOfScan = 0xda;
const endOfImage = 0xd9;
const app = { jfif: 0xe0, exif: 0xe1, profile: 0xe2, adobe: 0xee };
const exifHead = 'Exif\0\0';

export const isJpeg = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;

/**
 * The very pixels of a JPEG with other words about it: `no-place` leaves the EXIF block without its place, `strip` leaves
 * which way is up. What belongs to the pixels stays (JFIF, colour profile, Adobe's transform); whatever else could say a
 * place, and pictures behind the first, go. Null where it is no JPEG to its end. Source: ITU-T T.81, annex B.
 */
export function retellJpeg(bytes: Uint8Array, exif: Exclude<CopyExif, 'keep'>): Uint8Array | null {
  if (!isJpeg(bytes)) return null;
  const read = readSegments(bytes);
  if (!read) return null;
  const parts = read.segments.flatMap((segment) => retell(segment, exif));
  return Buffer.concat([Buffer.of(0xff, 0xd8), ...parts, bytes.subarray(read.pixels, read.end)]);
}

/** A JPEG with this block as the first of its parts. */
export function withExif(jpeg: Uint8Array, block: Uint8Array): Uint8Array {
  const whole = Buffer.from(block.subarray(0, 6)).toString('latin1') === exifHead ? block : exifOf(block);
  if (whole.byteLength + 2 > 0xffff) return jpeg;
  return Buffer.concat([Buffer.of(0xff, 0xd8), segmentOf(whole), jpeg.subarray(2)]);
}

const exifOf = (tiff: Uint8Array): Uint8Array => Buffer.concat([Buffer.from(exifHead, 'latin1'), tiff]);

function segmentOf(exif: Uint8Array): Uint8Array {
  const head = Buffer.of(0xff, app.exif, 0, 0);
  head.writeUInt16BE(exif.byteLength + 2, 2);
  return Buffer.concat([head, exif]);
}

function retell({ marker, bytes }: Segment, exif: 'no-place' | 'strip'): Uint8Array[] {
  const name = Buffer.from(bytes.subarray(4, 16)).toString('latin1');
  const isApp = marker >= 0xe0 && marker <= 0xef;
  if (marker === app.exif && name.startsWith(exifHead)) return retellExif(bytes.subarray(4), exif);
  if (marker === app.profile) return name.startsWith('ICC_PROFILE\0') ? [bytes] : [];
  const isOfPixels = !isApp || marker === app.jfif || marker === app.adobe;
  // 0xfe is a comment.
  return isOfPixels && marker !== 0xfe ? [bytes] : [];
}

function retellExif(block: Uint8Array, exif: 'no-place' | 'strip'): Uint8Array[] {
  if (exif === 'strip') {
    const turned = orientationOf(block);
    return turned === 1 ? [] : [segmentOf(uprightBlock(turned))];
  }
  const edited = editExif(block, { place: true, previews: true, isUpright: false });
  return edited ? [segmentOf(edited)] : [];
}

function orientationOf(block: Uint8Array): number {
  try {
    const view = viewOf(block.subarray(6));
    const isLittle = view.getUint16(0) === 0x4949;
    const first = view.getUint32(4, isLittle);
    for (let index = 0; index < view.getUint16(first, isLittle); index += 1) {
      const at = first + 2 + index * 12;
      const value = view.getUint16(at + 8, isLittle);
      if (view.getUint16(at, isLittle) === 0x0112) return value >= 1 && value <= 8 ? value : 1;
    }
  } catch {
    // A damaged block says nothing, also to those who show the photo.
  }
  return 1;
}

/** An EXIF block that says which way is up, and no more. */
function uprightBlock(orientation: number): Uint8Array {
  const tiff = Buffer.alloc(26);
  tiff.write('MM', 0, 'latin1');
  tiff.writeUInt16BE(42, 2);
  tiff.writeUInt32BE(8, 4);
  tiff.writeUInt16BE(1, 8);
  tiff.writeUInt16BE(0x0112, 10);
  tiff.writeUInt16BE(3, 12);
  tiff.writeUInt32BE(1, 14);
  tiff.writeUInt16BE(orientation, 18);
  return exifOf(tiff);
}

/** Everything in front of the first scan, where that begins, and where the first picture ends. */
function readSegments(
  bytes: Uint8Array,
): { readonly segments: readonly Segment[]; readonly pixels: number; readonly end: number } | null {
  const view = viewOf(bytes);
  const segments: Segment[] = [];
  let at = 2;
  while (at + 4 <= bytes.byteLength && bytes[at] === 0xff) {
    const marker = bytes[at + 1]!;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    if (marker === startOfScan) return { segments, pixels: at, end: endOf(bytes, at) };
    const next = at + 2 + view.getUint16(at + 2);
    if (next > bytes.byteLength) return null;
    segments.push({ marker, bytes: bytes.subarray(at, next) });
    at = next;
  }
  return null;
}

/** Behind the marker that ends the picture; parts between scans are stepped over by their lengths. */
function endOf(bytes: Uint8Array, firstScan: number): number {
  const view = viewOf(bytes);
  let at = firstScan;
  while (at + 1 < bytes.byteLength) {
    const marker = bytes[at + 1]!;
    if (bytes[at] !== 0xff || marker === 0 || marker === 0xff || (marker >= 0xd0 && marker <= 0xd7)) at += 1;
    else if (marker === endOfImage) return at + 2;
    else at += at + 4 <= bytes.byteLength ? 2 + view.getUint16(at + 2) : 2;
  }
  return bytes.byteLength;
}
