import type UPlot from 'uplot';
import { colourOf, dashOf } from './chart-lines.ts';
import type { Line, LineChartProps } from './chart-lines.ts';
import { chartLook } from './chart-look.ts';
import type { ChartLook } from './chart-look.ts';
import { drawLabels, drawLive, drawMarks } from './chart-drawing.ts';
import { alone, niceScale } from './chart-scale.ts';

const type = '12px "Inter Variable", sans-serif';
const daySeconds = 86_400;
/** Room for text, in characters, that every chart has at least, so that charts below each other share their times. */
const leastRoom = { value: 4, name: 7 };

export function chartOptions(
  size: { readonly width: number; readonly height: number },
  props: () => LineChartProps,
): UPlot.Options {
  const look = chartLook();
  const { lines } = props();
  const hasLabels = lines.length > 1;
  return {
    ...size,
    padding: [16, hasLabels ? labelSpace(lines) : 4, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { setScale: false, x: false, y: false }, points: { size: 7 } },
    focus: { alpha: 1 },
    scales: { x: { time: true }, y: { range: (_, ...[, max]) => [0, scaleOf(props(), max).top] } },
    axes: [timeAxis(look, props), valueAxis(look, props)],
    series: [{}, ...lines.map((line) => seriesOf(line, look))],
    hooks: {
      draw: [
        (plot) => {
          drawMarks(plot, { marks: props().marks ?? [], look, type });
          if (hasLabels) drawLabels(plot, { lines: props().lines, look, type });
          if (props().isLive) drawLive(plot, look);
        },
      ],
      setCursor: [(plot) => props().onPoint(plot.cursor.idx ?? null)],
    },
  };
}

const scaleOf = ({ top }: LineChartProps, max: number | null) =>
  top === undefined ? niceScale(max ?? 0) : { top, step: top / 4 };

/** Beside the lines: a short piece of the line and its name. */
const labelSpace = (lines: readonly Line[]): number =>
  34 + Math.ceil(Math.max(leastRoom.name, ...lines.map((line) => line.name.length)) * 6.6);

function seriesOf(line: Line, look: ChartLook): UPlot.Series {
  const stroke = colourOf(line, look);
  return {
    label: line.name,
    stroke,
    width: line.tone === 'main' ? 1.75 : 1.25,
    dash: dashOf(line),
    spanGaps: false,
    points: {
      show: true,
      size: 5,
      fill: stroke,
      stroke,
      filter: (plot, series) => alone([...(plot.data[series] ?? [])]),
    },
  };
}

function timeAxis(look: ChartLook, props: () => LineChartProps): UPlot.Axis {
  return {
    font: type,
    stroke: look.muted,
    size: 28,
    gap: 6,
    space: 88,
    grid: { show: false },
    border: { show: true, stroke: look.base, width: 1 },
    ticks: { show: true, stroke: look.base, width: 1, size: 4 },
    values: (...[, splits, , , apart]) => splits.map((at) => props().formatTime(at, apart >= daySeconds)),
  };
}

function valueAxis(look: ChartLook, props: () => LineChartProps): UPlot.Axis {
  return {
    font: type,
    stroke: look.muted,
    gap: 8,
    size: (_, values) => 12 + Math.max(leastRoom.value, ...(values ?? []).map((text) => text.length)) * 7,
    grid: { show: true, stroke: look.grid, width: 1, dash: [...look.gridDash] },
    ticks: { show: false },
    splits: (plot) => {
      const { top, step } = scaleOf(props(), plot.scales['y']?.max ?? null);
      return Array.from({ length: Math.round(top / step) + 1 }, (_, index) => index * step);
    },
    values: (_, splits) => splits.map((value) => props().formatAxis(value)),
  };
}
