import type UPlot from 'uplot';
import type { ChartLook } from './chart-look.ts';
import { colourOf, dashOf } from './chart-lines.ts';
import type { ChartMark, Line } from './chart-lines.ts';
import { spaceForMarks, spread } from './chart-scale.ts';

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
  const inside = marks
    .filter(({ at }) => isNumber(min) && isNumber(max) && at >= min && at <= max)
    .toSorted((a, b) => a.at - b.at);
  const widthOf = (text: string): number => ctx.measureText(text).width;
  const places = inside.map(({ at, before, after }) => ({
    x: Math.round(plot.valToPos(at, 'x', true)) + 0.5,
    before: widthOf(before),
    after: widthOf(after),
  }));
  const edges = { left: bbox.left, right: ctx.canvas.width, gap: 6 * scale };
  for (const [index, space] of spaceForMarks(places, edges).entries()) {
    const { before = '', after = '' } = inside[index] ?? {};
    const { x } = places[index] ?? { x: 0 };
    ctx.beginPath();
    ctx.moveTo(x, bbox.top - 12 * scale);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const y = bbox.top;
    if (space.before) write(ctx, before, { x: x - edges.gap, y, align: 'right' });
    if (space.after) write(ctx, after, { x: x + edges.gap, y, align: 'left' });
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

const isNumber = (value: number | null | undefined): value is number => typeof value === 'number';
const scaled = (type: string, scale: number): string => type.replace('12px', `${12 * scale}px`);

function write(
  ctx: CanvasRenderingContext2D,
  text: string,
  { x, y, align }: { readonly x: number; readonly y: number; readonly align: CanvasTextAlign },
): void {
  ctx.textAlign = align;
  ctx.fillText(text, x, y);
}
