/**
 * A BMP file as a binary PPM, which libvips reads; null when it is none. libvips' portable builds leave BMP out.
 * Uncompressed 24 and 32 bits, and 1, 4 and 8 bits with a palette, bottom-up or top-down; alpha is ignored, as viewers do.
 */
export function bmpToPpm(bytes: Uint8Array): Buffer | null {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (file.byteLength < 54 || file.toString('latin1', 0, 2) !== 'BM' || file.readUInt32LE(14) < 40)
    return null;
  const width = file.readInt32LE(18);
  const tall = file.readInt32LE(22);
  const height = Math.abs(tall);
  const bits = file.readUInt16LE(28);
  const compression = file.readUInt32LE(30);
  const isPlain = compression === 0 || (compression === 3 && bits === 32);
  if (width <= 0 || height === 0 || !isPlain || ![1, 4, 8, 24, 32].includes(bits)) return null;
  const stride = Math.ceil((width * bits) / 32) * 4;
  const start = file.readUInt32LE(10);
  // A file that ends early goes on as a header alone, so that the decoder says where it ends.
  const isWhole = file.byteLength >= start + stride * height;
  const head = Buffer.from(`P6\n${width} ${height}\n255\n`, 'latin1');
  if (!isWhole) return head;
  const rgb = Buffer.allocUnsafe(width * height * 3);
  const palette = 14 + file.readUInt32LE(14);
  for (let row = 0, at = 0; row < height; row += 1) {
    const line = start + stride * (tall > 0 ? height - 1 - row : row);
    for (let column = 0; column < width; column += 1, at += 3) {
      const from =
        bits >= 24 ? line + column * (bits / 8) : palette + 4 * indexAt(file, line, { column, bits });
      rgb[at] = file[from + 2]!;
      rgb[at + 1] = file[from + 1]!;
      rgb[at + 2] = file[from]!;
    }
  }
  return Buffer.concat([head, rgb]);
}

function indexAt(file: Buffer, line: number, { column, bits }: { column: number; bits: number }): number {
  const perByte = 8 / bits;
  const byte = file[line + Math.floor(column / perByte)]!;
  return (byte >> (8 - bits * ((column % perByte) + 1))) & (2 ** bits - 1);
}
