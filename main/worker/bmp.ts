/**
 * libvips reads no BMP: an uncompressed one of 24 or 32 bits is handed on as an uncompressed TIFF, which both adapters read.
 * Everything else passes unchanged. Throws where the file ends before its pixels do.
 */
export function withoutBmp(bytes: Uint8Array): Uint8Array {
  if (bytes.byteLength < 54 || bytes[0] !== 0x42 || bytes[1] !== 0x4d) return bytes;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [offset, width, rawHeight] = [
    view.getUint32(10, true),
    view.getInt32(18, true),
    view.getInt32(22, true),
  ];
  const [depth, compression] = [view.getUint16(28, true), view.getUint32(30, true)];
  const isPlain =
    (depth === 24 && compression === 0) || (depth === 32 && (compression === 0 || compression === 3));
  if (!isPlain || width <= 0 || rawHeight === 0) return bytes;
  const height = Math.abs(rawHeight);
  const stride = Math.ceil((width * depth) / 32) * 4;
  if (offset + stride * height > bytes.byteLength) throw new Error('unexpected end of file');
  const tiff = tiffOf(width, height);
  const step = depth / 8;
  let at = pixelsAt;
  for (let row = 0; row < height; row += 1) {
    // A positive height means that the bottom row comes first.
    let from = offset + stride * (rawHeight > 0 ? height - 1 - row : row);
    for (let column = 0; column < width; column += 1, from += step, at += 3) {
      tiff[at] = bytes[from + 2]!;
      tiff[at + 1] = bytes[from + 1]!;
      tiff[at + 2] = bytes[from]!;
    }
  }
  return tiff;
}

const pixelsAt = 128;

/** An RGB TIFF of one strip, its pixels still black. */
function tiffOf(width: number, height: number): Uint8Array {
  const tiff = new Uint8Array(pixelsAt + 3 * width * height);
  const view = new DataView(tiff.buffer);
  const entries = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    [258, 3, 3, 122],
    [259, 3, 1, 1],
    [262, 3, 1, 2],
    [273, 4, 1, pixelsAt],
    [277, 3, 1, 3],
    [278, 4, 1, height],
    [279, 4, 1, 3 * width * height],
  ] as const;
  view.setUint32(0, 0x002a4949, true);
  view.setUint32(4, 8, true);
  view.setUint16(8, entries.length, true);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = 10 + 12 * index;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, value, true);
  }
  for (const at of [122, 124, 126]) view.setUint16(at, 8, true);
  return tiff;
}
