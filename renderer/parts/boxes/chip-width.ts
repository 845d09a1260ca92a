/** The chip's font, as set in boxes.css. */
const font = "600 12px 'Inter Variable', sans-serif";
/** Padding and border on both sides, in CSS pixels. */
const around = 14;
/** A longer caption is cut on the chip; the list has all of it. */
const widest = 220;

const widths = new Map<string, number>();
let context: CanvasRenderingContext2D | null = null;

/** Width of a caption's chip in whole CSS pixels; never wider than the photo. */
export function chipWidth(caption: string, photoWidth: number): number {
  const known = widths.get(caption) ?? measure(caption);
  return Math.min(known, widest, Math.max(around, Math.floor(photoWidth)));
}

function measure(caption: string): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (!context) return widest;
  context.font = font;
  const width = Math.ceil(context.measureText(caption).width) + around;
  // Until the font is loaded a fallback font is measured: that width is not cached.
  if (document.fonts.check(font)) {
    if (widths.size > 1000) widths.clear();
    widths.set(caption, width);
  }
  return width;
}
