import type { Served } from '../../../contract/serving/serving.ts';
import { batchBounds, newHistogram, observe, secondBounds, tensorflowBounds } from './buckets.ts';
import type { Histogram } from './buckets.ts';

/** What was counted of one version for one client since the server was started. */
export type Cell = {
  readonly model: string;
  readonly version: string;
  readonly client: string;
  /** Requests by `ok` or the code of their fault. */
  readonly codes: Map<string, number>;
  readonly request: Histogram;
  readonly queue: Histogram;
  readonly compute: Histogram;
  readonly batch: Histogram;
  readonly rows: Histogram;
  readonly requestMicros: Histogram;
  readonly computeMicros: Histogram;
  readonly queueMicros: Histogram;
  cached: number;
  batches: number;
};
export type Counts = { record(served: Served): void; cells(): Iterable<Cell> };

/** Label cardinality limit (versions × clients); beyond it values are aggregated without labels. */
const mostCells = 400;

/** `shownAs` gives what clients call a version, or null for one that may be no label: what a program made up must never become one. */
export function createCounts(shownAs: (model: string, version: string) => string | null): Counts {
  const cells = new Map<string, Cell>();

  function cellOf({ model, version, client }: Served): Cell {
    const key = `${model}@${version} ${client}`;
    const known = cells.get(key);
    if (known) return known;
    const shown = cells.size < mostCells ? shownAs(model, version) : null;
    const place = shown === null ? `@ ${client}` : key;
    const cell = cells.get(place) ?? newCell(shown === null ? '' : model, shown ?? '', client);
    cells.set(place, cell);
    return cell;
  }

  return {
    record(served) {
      const cell = cellOf(served);
      cell.codes.set(served.code, (cell.codes.get(served.code) ?? 0) + 1);
      observe(cell.request, served.totalMs / 1000);
      if (served.code !== 'ok') return;
      observe(cell.requestMicros, served.totalMs * 1000);
      observe(cell.rows, served.rows);
      if (served.cached) cell.cached += 1;
      if (served.batchRows === 0) return;
      observe(cell.queue, served.queueMs / 1000);
      observe(cell.compute, served.runMs / 1000);
      observe(cell.queueMicros, served.queueMs * 1000);
      observe(cell.computeMicros, served.runMs * 1000);
      // Its share of the batch: the shares of all requests of one batch are one.
      const share = Math.min(1, served.rows / served.batchRows);
      observe(cell.batch, served.batchRows, share);
      cell.batches += share;
    },
    cells: () => cells.values(),
  };
}

const newCell = (model: string, version: string, client: string): Cell => ({
  model,
  version,
  client,
  codes: new Map(),
  request: newHistogram(secondBounds),
  queue: newHistogram(secondBounds),
  compute: newHistogram(secondBounds),
  batch: newHistogram(batchBounds),
  rows: newHistogram(batchBounds),
  requestMicros: newHistogram(tensorflowBounds),
  computeMicros: newHistogram(tensorflowBounds),
  queueMicros: newHistogram(tensorflowBounds),
  cached: 0,
  batches: 0,
});
