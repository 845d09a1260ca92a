/** Pixels as a TIFF holds them, of one strip; each row begins at a byte. `palette`: red, green and blue of each of its colours. */
type TiffLayout = { readonly width: number; readonly height: number } & (
  | { readonly depth: 24; readonly palette: null }
  | { readonly depth: 1 | 4 | 8; readonly palette: readonly Rgb[] }
);
export type Rgb = readonly [red: number, green: number, blue: number];

const [headBytes, mostEntries] = [10, 10];
const bitsAt = headBytes + 12 * mostEntries + 4;
const colorsAt = bitsAt + 6;

/** An uncompressed TIFF, its pixels still zero; `pixelsAt` and `rowBytes` in bytes say where they belong. */
export function plainTiff({ width, height, depth, palette }: TiffLayout): {
  readonly tiff: Uint8Array;
  readonly pixelsAt: number;
  readonly rowBytes: number;
} {
  const colors = palette === null ? 0 : 2 ** depth;
  const pixelsAt = colorsAt + 6 * colors;
  const rowBytes = Math.ceil((width * depth) / 8);
  const tiff = new Uint8Array(pixelsAt + rowBytes * height);
  const view = new DataView(tiff.buffer);
  const entries: (readonly [tag: number, type: number, count: number, value: number])[] = [
    [256, 4, 1, width],
    [257, 4, 1, height],
    palette === null ? [258, 3, 3, bitsAt] : [258, 3, 1, depth],
    [259, 3, 1, 1],
    [262, 3, 1, palette === null ? 2 : 3],
    [273, 4, 1, pixelsAt],
    [277, 3, 1, palette === null ? 3 : 1],
    [278, 4, 1, height],
    [279, 4, 1, rowBytes * height],
  ];
  if (palette !== null) entries.push([320, 3, 3 * colors, colorsAt]);
  view.setUint32(0, 0x002a4949, true);
  view.setUint32(4, 8, true);
  view.setUint16(8, entries.length, true);
  for (const [index, [tag, type, count, value]] of entries.entries()) {
    const at = headBytes + 12 * index;
    view.setUint16(at, tag, true);
    view.setUint16(at + 2, type, true);
    view.setUint32(at + 4, count, true);
    view.setUint32(at + 8, value, true);
  }
  for (const at of [0, 2, 4]) view.setUint16(bitsAt + at, 8, true);
  // All reds, then all greens, then all blues, of 16 bits each.
  for (const [index, color] of (palette ?? []).entries())
    for (const [channel, value] of color.entries())
      view.setUint16(colorsAt + 2 * (channel * colors + index), value * 257, true);
  return { tiff, pixelsAt, rowBytes };
}
