import type { ChartLook } from './chart-look.ts';

export type Line = {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly tone: 'main' | 'quiet' | 'dotted';
};
/** Something that happened at a time, with words for before and after it. */
export type ChartMark = { readonly at: number; readonly before: string; readonly after: string };

export type LineChartProps = {
  /** In seconds since 1970, ascending. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  /** Top of the axis where it is known, as 1 of a share. */
  readonly top?: number;
  /** Words for a value on the axis. */
  readonly formatAxis: (value: number) => string;
  readonly formatTime: (seconds: number, isDay: boolean) => string;
  readonly marks?: readonly ChartMark[];
  /** A dot at the end while something is happening now. */
  readonly isLive?: boolean;
  readonly label: string;
  /** Index of the point under the pointer; null when it has left. */
  readonly onPoint: (index: number | null) => void;
};

export const colourOf = (line: Line, look: ChartLook): string =>
  line.tone === 'main' ? look.line : look.quiet;
export const dashOf = (line: Line): number[] => (line.tone === 'dotted' ? [1.5, 2.5] : []);
