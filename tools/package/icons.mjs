// `node tools/package/icons.mjs`: draws build/icon.svg in the sizes and containers that the systems want. Its results
// are kept in the repository; run it when the drawing has changed.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { root } from '../setup/paths.mjs';

const folder = path.join(root, 'build');
const drawing = readFileSync(path.join(folder, 'icon.svg'));

const png = (edge) =>
  sharp(drawing, { density: 96 }).resize(edge, edge).png({ compressionLevel: 9 }).toBuffer();
const all = async (edges) => Promise.all(edges.map(async (edge) => ({ edge, bytes: await png(edge) })));

mkdirSync(path.join(folder, 'icons'), { recursive: true });
for (const { edge, bytes } of await all([16, 32, 48, 64, 128, 256, 512]))
  writeFileSync(path.join(folder, 'icons', `${edge}x${edge}.png`), bytes);
writeFileSync(path.join(folder, 'icon.ico'), ico(await all([16, 24, 32, 48, 64, 128, 256])));
const apple = { 16: 'icp4', 32: 'icp5', 64: 'icp6', 128: 'ic07', 256: 'ic08', 512: 'ic09', 1024: 'ic10' };
writeFileSync(path.join(folder, 'icon.icns'), icns(await all(Object.keys(apple).map(Number))));

/** Windows: a directory of 16 bytes each, then the PNGs. */
function ico(images) {
  const head = Buffer.alloc(6 + 16 * images.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(images.length, 4);
  let at = head.length;
  images.forEach(({ edge, bytes }, index) => {
    const entry = 6 + 16 * index;
    head.writeUInt8(edge % 256, entry);
    head.writeUInt8(edge % 256, entry + 1);
    head.writeUInt16LE(1, entry + 4);
    head.writeUInt16LE(32, entry + 6);
    head.writeUInt32LE(bytes.length, entry + 8);
    head.writeUInt32LE(at, entry + 12);
    at += bytes.length;
  });
  return Buffer.concat([head, ...images.map(({ bytes }) => bytes)]);
}

/** macOS: a kind of four letters and a length before each PNG. */
function icns(images) {
  const part = (kind, body) => {
    const head = Buffer.alloc(8);
    head.write(kind, 0, 'latin1');
    head.writeUInt32BE(body.length + 8, 4);
    return Buffer.concat([head, body]);
  };
  return part('icns', Buffer.concat(images.map(({ edge, bytes }) => part(apple[edge], bytes))));
}
