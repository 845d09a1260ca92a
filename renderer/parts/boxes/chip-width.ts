/** The chip's font, as set in boxes.css. */
const font = "600 12px 'Inter Variable', sans-serif";
/** Padding and border on both sides, in CSS pixels. */
const around = 14;
/** A longer caption is cut on the chip; the list has all of it. */
const widest = 220;

const captionWidth = createCaptionWidth();

/** Width of a caption's chip in whole CSS pixels; never wider than the photo. */
export function chipWidth(caption: string, photoWidth: number): number {
  return Math.min(captionWidth(caption), widest, Math.max(around, Math.floor(photoWidth)));
}

function createCaptionWidth(): (caption: string) => number {
  const widths = new Map<string, number>();
  let context: CanvasRenderingContext2D | null = null;
  return (caption) => {
    const known = widths.get(caption);
    if (known !== undefined) return known;
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
  };
}
