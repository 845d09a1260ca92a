import type { ChartLook } from './chart-look.ts';

export type Line = {
  readonly name: string;
  readonly values: readonly (number | null)[];
  readonly tone: 'main' | 'quiet' | 'dotted';
};
/** Something that happened at a time, with words for before and after it. */
export type ChartMark = { readonly at: number; readonly before: string; readonly after: string };

export const colourOf = (line: Line, look: ChartLook): string =>
  line.tone === 'main' ? look.line : look.quiet;
export const dashOf = (line: Line): number[] => (line.tone === 'dotted' ? [1.5, 2.5] : []);
