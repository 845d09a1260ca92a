/** Of the chip's own letters: as boxes.css sets them. */
const font = "600 12px 'Inter Variable', sans-serif";
/** Padding and edge on both sides, in CSS pixels. */
const around = 14;
/** A longer caption is cut, and is whole in the list. */
const widest = 220;

const widths = new Map<string, number>();
let context: CanvasRenderingContext2D | null = null;

/** How wide a caption's chip is, in whole CSS pixels; never wider than the photo. */
export function chipWidth(caption: string, photoWidth: number): number {
  const known = widths.get(caption) ?? measure(caption);
  return Math.min(known, widest, Math.max(around, Math.floor(photoWidth)));
}

function measure(caption: string): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (!context) return widest;
  context.font = font;
  const width = Math.ceil(context.measureText(caption).width) + around;
  // Before the font has come another one is measured: that width is not remembered.
  if (document.fonts.check(font)) {
    if (widths.size > 1000) widths.clear();
    widths.set(caption, width);
  }
  return width;
}
