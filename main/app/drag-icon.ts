import { nativeImage } from 'electron';
import type { NativeImage } from 'electron';

const edge = 48;

/** A static icon: a drag must start synchronously, so no thumbnail can be rendered for it. */
export function dragIcon(): NativeImage {
  const pixels = Buffer.alloc(edge * edge * 4);
  for (let at = 0; at < pixels.length; at += 4) {
    const [x, y] = [(at / 4) % edge, Math.floor(at / 4 / edge)];
    const isEdge = x === 0 || y === 0 || x === edge - 1 || y === edge - 1;
    pixels.set(isEdge ? [0x4b, 0x62, 0x17, 0xff] : [0xf5, 0xf7, 0xf6, 0xff], at);
  }
  return nativeImage.createFromBitmap(pixels, { width: edge, height: edge });
}
