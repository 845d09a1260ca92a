import type { SeriesStore } from './series-door.ts';
import type { Threads } from './threads.ts';

/** The meter's part of the door. */
export function seriesPart({ askReader, write }: Threads): SeriesStore {
  return {
    addSeries: (entry, nowMs) => write({ kind: 'add-series', entry, nowMs }),
    series: (query) => askReader('series', query, { sums: [], machine: [], models: [] }),
  };
}
