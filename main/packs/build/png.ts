import { crc32, deflateSync } from 'node:zlib';
import type { PreparedPhoto } from '../../../contract/packs/pack-build.ts';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** Encodes 8-bit RGB pixels as a PNG file (ISO/IEC 15948). */
export function encodePng({
  width,
  height,
  pixels,
}: Pick<PreparedPhoto, 'width' | 'height' | 'pixels'>): Buffer {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  // IHDR: bit depth 8, colour type RGB; default compression, filter and interlace.
  head.set([8, 2, 0, 0, 0], 8);
  // Each row starts with its filter type, 0 for none.
  const rows = Buffer.alloc(height * (3 * width + 1));
  for (let row = 0; row < height; row += 1)
    rows.set(pixels.subarray(3 * width * row, 3 * width * (row + 1)), row * (3 * width + 1) + 1);
  return Buffer.concat([
    signature,
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.byteLength);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
