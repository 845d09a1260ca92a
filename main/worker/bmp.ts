import { failed, ok, type Outcome } from '../../contract/faults/faults.ts';
import { reason, type Reason } from '../../contract/faults/reasons.ts';
import { cutReason, sizeFault } from './picture-fault.ts';
import { plainTiff, type Rgb } from './plain-tiff.ts';
import { viewOf } from '../../contract/tensors/tensor-codec.ts';

/** The header of a BMP: sizes in pixels, `offset` and `stride` in bytes. */
type Bmp = {
  readonly width: number;
  readonly height: number;
  readonly isTopDown: boolean;
  readonly depth: number;
  readonly compression: number;
  readonly offset: number;
  readonly stride: number;
  readonly headerSize: number;
};
/** Writes the colour of the pixel `column` of the row that begins at `row` to `to`. */
type ReadPixel = (row: number, column: number, to: number) => void;

const compressions = { none: 0, bitFields: 3, alphaBitFields: 6 } as const;
const coreHeaderSize = 12;

/**
 * libvips reads no BMP: an uncompressed one is handed on as an uncompressed TIFF, which both adapters read. Of 1, 4 or 8
 * bits it has a palette, of 16 or 32 masks or the usual order; transparency is not used. Faults: `format-not-read` for
 * compressed ones, `image-unreadable` for a header that contradicts itself or a file that ends before its pixels do.
 */
export function bmpAsTiff(bytes: Uint8Array, name: string): Outcome<Uint8Array> {
  const view = viewOf(bytes);
  const broken = (why: Reason): Outcome<never> => failed('image-unreadable', { file: name, reason: why });
  const bmp = readHeader(view);
  if (!bmp) return broken(cutReason(bytes));
  const { width, height, compression, depth, offset, stride } = bmp;
  if (
    ![compressions.none, compressions.bitFields, compressions.alphaBitFields].some(
      (each) => each === compression,
    )
  )
    return failed('format-not-read', { file: name, format: reason('compressed-bmp') });
  if (width <= 0 || height <= 0) return broken(reason('header-pixels', { width, height }));
  const tooLarge = sizeFault(width, height, name);
  if (tooLarge) return tooLarge;
  if (offset < 14 + bmp.headerSize) return broken(reason('header-place'));
  if (offset + stride * height > bytes.byteLength) return broken(cutReason(bytes));
  const tiff = paletteTiff(bmp, bytes) ?? colorTiff(bmp, view);
  return tiff ? ok(tiff) : broken(reason('header-order', { depth }));
}

/** Where a row of the picture, counted from its top, begins in the file. */
const rowAt = ({ offset, stride, height, isTopDown }: Bmp, row: number): number =>
  offset + stride * (isTopDown ? row : height - 1 - row);

/** Null where depth and masks do not go together. */
function colorTiff(bmp: Bmp, view: DataView): Uint8Array | null {
  const { width, height } = bmp;
  const { tiff, pixelsAt } = plainTiff({ width, height, depth: 24, palette: null });
  const read = pixelReader(bmp, view, tiff);
  if (!read) return null;
  let to = pixelsAt;
  for (let row = 0; row < height; row += 1) {
    const from = rowAt(bmp, row);
    for (let column = 0; column < width; column += 1, to += 3) read(from, column, to);
  }
  return tiff;
}

/** Rows and palette as they are: 1 bit a pixel stays 1 bit, where colours would take 24. Null for a BMP without a palette. */
function paletteTiff(bmp: Bmp, bytes: Uint8Array): Uint8Array | null {
  const { width, height, depth, compression, headerSize, offset } = bmp;
  if (compression !== compressions.none || (depth !== 1 && depth !== 4 && depth !== 8)) return null;
  const [start, size] = [14 + headerSize, headerSize === coreHeaderSize ? 3 : 4];
  const count = Math.min(2 ** depth, Math.floor((offset - start) / size));
  if (count < 1) return null;
  // A colour beyond the palette is black, as everywhere.
  const palette = Array.from({ length: count }, (_, index): Rgb => {
    const [blue = 0, green = 0, red = 0] = bytes.subarray(start + size * index);
    return [red, green, blue];
  });
  const { tiff, pixelsAt, rowBytes } = plainTiff({ width, height, depth, palette });
  for (let row = 0; row < height; row += 1) {
    const from = rowAt(bmp, row);
    tiff.set(bytes.subarray(from, from + rowBytes), pixelsAt + rowBytes * row);
  }
  return tiff;
}

/** Null where the file ends inside its header. */
function readHeader(view: DataView): Bmp | null {
  const headerSize = view.getUint32(14, true);
  if (view.byteLength < 14 + headerSize) return null;
  const isCore = headerSize === coreHeaderSize;
  const width = isCore ? view.getUint16(18, true) : view.getInt32(18, true);
  const rawHeight = isCore ? view.getUint16(20, true) : view.getInt32(22, true);
  const depth = view.getUint16(isCore ? 24 : 28, true);
  return {
    width,
    height: Math.abs(rawHeight),
    // A positive height means that the bottom row comes first.
    isTopDown: rawHeight < 0,
    depth,
    compression: headerSize >= 40 ? view.getUint32(30, true) : compressions.none,
    offset: view.getUint32(10, true),
    stride: Math.ceil((width * depth) / 32) * 4,
    headerSize,
  };
}

/** Null where depth and masks do not go together. */
function pixelReader(bmp: Bmp, view: DataView, out: Uint8Array): ReadPixel | null {
  const { depth, compression } = bmp;
  const bytes = new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
  if (compression === compressions.none && (depth === 24 || depth === 32)) {
    const step = depth / 8;
    return (row, column, to) => {
      const from = row + step * column;
      out[to] = bytes[from + 2]!;
      out[to + 1] = bytes[from + 1]!;
      out[to + 2] = bytes[from]!;
    };
  }
  if (depth === 16 || depth === 32) return maskedReader(bmp, view, out);
  return null;
}

function maskedReader(bmp: Bmp, view: DataView, out: Uint8Array): ReadPixel | null {
  const masks = masksOf(bmp, view);
  if (!masks) return null;
  const channels = masks.map((mask) => {
    const shift = 31 - Math.clz32(mask & -mask);
    return { mask, shift, most: mask >>> shift };
  });
  // Each mask is one run of bits, and no two share one.
  if (channels.some(({ most }) => (most & (most + 1)) !== 0)) return null;
  if ((masks[0] & masks[1]) | (masks[0] & masks[2]) | (masks[1] & masks[2])) return null;
  return (row, column, to) => {
    const value =
      bmp.depth === 16 ? view.getUint16(row + 2 * column, true) : view.getUint32(row + 4 * column, true);
    for (let index = 0; index < 3; index += 1) {
      const { mask, shift, most } = channels[index]!;
      out[to + index] = Math.round((((value & mask) >>> shift) * 255) / most);
    }
  };
}

function masksOf({ depth, compression, headerSize, offset }: Bmp, view: DataView): Rgb | null {
  if (compression === compressions.none) return depth === 16 ? [0x7c00, 0x03e0, 0x001f] : null;
  // In a header of 40 bytes they lie behind it, in larger ones inside: the place is the same.
  if (headerSize < 40 || offset < 66 || view.byteLength < 66) return null;
  const masks: Rgb = [view.getUint32(54, true), view.getUint32(58, true), view.getUint32(62, true)];
  const isInside = depth === 32 || masks.every((mask) => mask <= 0xffff);
  return isInside && masks.every((mask) => mask !== 0) ? masks : null;
}
