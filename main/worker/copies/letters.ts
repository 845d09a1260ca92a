import { once } from '../../lib/once.ts';

type Point = readonly [number, number];
type Contour = readonly Point[];
/** On a grid of `em` to the height of the type, from the baseline upwards. */
type Glyph = { readonly width: number; readonly contours: readonly Contour[] };
export type Letters = {
  /** Pixels that the text takes at this size. */
  width(text: string, size: number): number;
  /** How much of each pixel the text covers, 0 to 255, row-major. Characters that are not in the file are question marks. */
  cover(text: string, size: number): Coverage;
};
export type Coverage = { readonly width: number; readonly height: number; readonly values: Uint8Array };

/** Parts of the size above and below the baseline that letters reach, accents included. */
const [ascent, descent] = [0.97, 0.25];
const rowsPerPixel = 4;

/** Read when something is written for the first time: most workers never do. */
export const openLetters = once((): Promise<Letters> =>
  import('./glyphs.json', { with: { type: 'json' } }).then(({ default: file }) => lettersOf(file)),
);

function lettersOf({
  em,
  glyphs,
}: {
  readonly em: number;
  readonly glyphs: Readonly<Record<string, string>>;
}): Letters {
  const parsed = new Map<string, Glyph>();
  const glyphOf = (character: string): Glyph => {
    const known = parsed.get(character);
    if (known) return known;
    const glyph = parseGlyph(glyphs[character] ?? glyphs['?']!);
    parsed.set(character, glyph);
    return glyph;
  };
  const widthOf = (text: string): number =>
    Array.from(text).reduce((sum, character) => sum + glyphOf(character).width, 0);
  return {
    width: (text, size) => Math.ceil((widthOf(text) * size) / em),
    cover: (text, size) => {
      const scale = size / em;
      const width = Math.ceil(widthOf(text) * scale);
      const height = Math.ceil((ascent + descent) * size);
      const edges: Edge[] = [];
      let left = 0;
      for (const character of text) {
        const glyph = glyphOf(character);
        for (const contour of glyph.contours)
          for (const [at, point] of contour.entries()) {
            const [x1, y1] = point;
            const [x2, y2] = contour[(at + 1) % contour.length]!;
            const place = (x: number, y: number): Point => [(left + x) * scale, ascent * size - y * scale];
            edges.push([place(x1, y1), place(x2, y2)]);
          }
        left += glyph.width;
      }
      return { width, height, values: fillEdges(edges, width, height) };
    },
  };
}

function parseGlyph(text: string): Glyph {
  const [width = '0', ...contours] = text.split(';');
  return {
    width: Number(width),
    contours: contours.map((contour) =>
      contour.split(' ').map((pair) => pair.split(',').map(Number) as unknown as Point),
    ),
  };
}

type Edge = readonly [Point, Point];

/** Scan lines, four to a pixel, exact across; inside is where the edges wind around. */
function fillEdges(edges: readonly Edge[], width: number, height: number): Uint8Array {
  const sums = new Float32Array(width * height);
  for (let line = 0; line < height * rowsPerPixel; line += 1) {
    const y = (line + 0.5) / rowsPerPixel;
    const crossings = edges
      .filter(([[, y1], [, y2]]) => y1 <= y !== y2 <= y)
      .map(([[x1, y1], [x2, y2]]) => ({ x: x1 + ((y - y1) / (y2 - y1)) * (x2 - x1), turn: y1 < y2 ? 1 : -1 }))
      .sort((one, other) => one.x - other.x);
    const row = sums.subarray(Math.floor(line / rowsPerPixel) * width).subarray(0, width);
    let winding = 0;
    for (const [at, { x, turn }] of crossings.entries()) {
      if (winding !== 0) addSpan(row, crossings[at - 1]!.x, x);
      winding += turn;
    }
  }
  return Uint8Array.from(sums, (sum) => Math.round((sum / rowsPerPixel) * 255));
}

function addSpan(row: Float32Array, from: number, to: number): void {
  const end = Math.min(row.length, to);
  for (let x = Math.max(0, Math.floor(from)); x < end; x += 1)
    row[x]! += Math.max(0, Math.min(to, x + 1) - Math.max(from, x));
}
