import { availableMemoryBytes } from './capacity.ts';

/** Time between two looks. */
export const lookMs = 500;
/** Queue wait above which one worker is added, if there is memory for it. */
const longWaitMs = 100;
/** Number of consecutive looks without a wait after which one worker is removed. */
const calmLooks = 60;
/** Free memory that one more worker wants and that those there have to leave, in sizes of a worker; and looks until it counts as short. */
const roomToGrow = 2;
const roomToStay = 0.25;
const shortLooks = 6;

export type SizingFigures = {
  readonly workers: number;
  readonly least: number;
  readonly most: number;
  /** One that was added is not ready yet. */
  readonly isGrowing: boolean;
  /** The longest wait since the last look. */
  readonly waitMs: number;
  /** Memory of one worker, the mean of all. */
  readonly workerBytes: number;
};

/**
 * How many workers there are to be: one more while requests wait and memory is free, one fewer when nothing waited for half a
 * minute or memory has run short. One that was taken away for want of memory comes back only where there is room for two.
 */
export function createSizing(availableBytes: () => number = availableMemoryBytes): {
  /** To be called every `lookMs`. */
  look(figures: SizingFigures): -1 | 0 | 1;
} {
  let calm = 0;
  let short = 0;
  const shrink = (): -1 => {
    calm = short = 0;
    return -1;
  };
  return {
    look: ({ workers, least, most, isGrowing, waitMs, workerBytes }) => {
      if (waitMs > longWaitMs) calm = 0;
      else calm += 1;
      const room = availableBytes() / Math.max(1, workerBytes);
      short = room < roomToStay ? short + 1 : 0;
      if (workers > least && (calm >= calmLooks || short >= shortLooks)) return shrink();
      return waitMs > longWaitMs && workers < most && !isGrowing && room > roomToGrow ? 1 : 0;
    },
  };
}
