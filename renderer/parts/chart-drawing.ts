import type UPlot from 'uplot';
import type { ChartLook } from './chart-look.ts';
import { colourOf, dashOf } from './chart-lines.ts';
import type { ChartMark, Line } from './chart-lines.ts';
import { spread } from './chart-scale.ts';

type Drawn = { readonly look: ChartLook; readonly type: string };

/** Names of the lines at their right ends, each with a piece of its line. Canvas pixels. */
export function drawLabels(
  plot: UPlot,
  { lines, look, type }: Drawn & { readonly lines: readonly Line[] },
): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  const ends = lines.map(({ values }) => {
    const last = values.findLast((value) => value !== null) ?? 0;
    return plot.valToPos(last, 'y', true);
  });
  const places = spread(ends, { gap: 18 * scale, least: bbox.top, most: bbox.top + bbox.height });
  const left = bbox.left + bbox.width + 8 * scale;
  ctx.save();
  ctx.font = scaled(type, scale);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  for (const [index, line] of lines.entries()) {
    const y = Math.round(places[index] ?? 0);
    ctx.strokeStyle = colourOf(line, look);
    ctx.lineWidth = 1.5 * scale;
    ctx.setLineDash(dashOf(line).map((length) => length * scale));
    ctx.beginPath();
    ctx.moveTo(left, y);
    ctx.lineTo(left + 14 * scale, y);
    ctx.stroke();
    ctx.fillStyle = look.text;
    ctx.fillText(line.name, left + 20 * scale, y);
  }
  ctx.restore();
}

/** Upright lines where something changed. */
export function drawMarks(
  plot: UPlot,
  { marks, look, type }: Drawn & { readonly marks: readonly ChartMark[] },
): void {
  const { ctx, bbox } = plot;
  const scale = devicePixelRatio;
  const { min, max } = plot.scales['x'] ?? {};
  ctx.save();
  ctx.font = scaled(type, scale);
  ctx.textBaseline = 'bottom';
  ctx.strokeStyle = look.text;
  ctx.fillStyle = look.text;
  ctx.lineWidth = scale;
  ctx.setLineDash([2 * scale, 3 * scale]);
  for (const { at, before, after } of marks) {
    if (min === undefined || max === undefined || min === null || max === null || at < min || at > max)
      continue;
    const x = Math.round(plot.valToPos(at, 'x', true)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top - 12 * scale);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    // At an edge there is no room for the words of one side.
    const room = (words: string): number => ctx.measureText(words).width + 8 * scale;
    const y = bbox.top;
    if (x - bbox.left > room(before)) write(ctx, before, { x: x - 6 * scale, y, align: 'right' });
    if (ctx.canvas.width - x > room(after)) write(ctx, after, { x: x + 6 * scale, y, align: 'left' });
  }
  ctx.restore();
}

/** A dot at the newest value: it is happening now. */
export function drawLive(plot: UPlot, look: ChartLook): void {
  const { ctx } = plot;
  const times = plot.data[0];
  const at = times.length - 1;
  const value = plot.data[1]?.[at];
  if (value === null || value === undefined) return;
  ctx.save();
  ctx.beginPath();
  const x = plot.valToPos(times[at] ?? 0, 'x', true);
  ctx.arc(x, plot.valToPos(value, 'y', true), 3.5 * devicePixelRatio, 0, 2 * Math.PI);
  ctx.fillStyle = look.signal;
  ctx.fill();
  ctx.restore();
}

const scaled = (type: string, scale: number): string => type.replace('12px', `${12 * scale}px`);

function write(
  ctx: CanvasRenderingContext2D,
  words: string,
  { x, y, align }: { readonly x: number; readonly y: number; readonly align: CanvasTextAlign },
): void {
  ctx.textAlign = align;
  ctx.fillText(words, x, y);
}
