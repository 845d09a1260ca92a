import type { Served } from '../../contract/serving/serving.ts';
import type { SeriesRow, SeriesSums } from '../store/index.ts';
import { histogramSize, stepOf } from './histogram.ts';

/** Sums of one version and client while they are counted. */
export type Cell = {
  readonly model: string;
  readonly version: string;
  readonly client: string;
  answered: number;
  faults: number;
  cached: number;
  readonly latency: Float64Array;
  waitMaxMs: number;
  waitSumMs: number;
  runSumMs: number;
  batches: number;
  batchRows: number;
};
export type Cells = Map<string, Cell>;

/** Cells in one step of time; requests under still more names are counted as `*`. */
const mostCells = 500;

/** Adds a request to the cell of its version and client. A cancelled one is not counted. */
export function count(cells: Cells, served: Served): void {
  if (served.code === 'cancelled') return;
  const cell = cellOf(cells, served);
  if (served.code !== 'ok') {
    cell.faults += 1;
    return;
  }
  cell.answered += 1;
  const step = stepOf(served.totalMs);
  cell.latency[step] = (cell.latency[step] ?? 0) + 1;
  if (served.cached) cell.cached += 1;
  cell.waitMaxMs = Math.max(cell.waitMaxMs, served.queueMs);
  cell.waitSumMs += served.queueMs;
  cell.runSumMs += served.runMs;
  if (served.batchRows > 0) {
    // Its share of the batch: the shares of all requests of one batch are one.
    cell.batches += Math.min(1, served.rows / served.batchRows);
    cell.batchRows += served.rows;
  }
}

/** Adds the cells of a second to those of a minute. */
export function pour(from: Cells, into: Cells): void {
  for (const cell of from.values()) {
    const to = cellOf(into, cell);
    to.answered += cell.answered;
    to.faults += cell.faults;
    to.cached += cell.cached;
    for (let step = 0; step < histogramSize; step++)
      to.latency[step] = (to.latency[step] ?? 0) + (cell.latency[step] ?? 0);
    to.waitMaxMs = Math.max(to.waitMaxMs, cell.waitMaxMs);
    to.waitSumMs += cell.waitSumMs;
    to.runSumMs += cell.runSumMs;
    to.batches += cell.batches;
    to.batchRows += cell.batchRows;
  }
}

export function rowOf(at: number, cell: Cell): SeriesRow {
  const latency: Record<number, number> = {};
  for (const [step, times] of cell.latency.entries()) if (times > 0) latency[step] = times;
  return { ...cell, at, latency } satisfies SeriesSums & { at: number };
}

type Named = Pick<Served, 'model' | 'version'> & { readonly client: string };

function cellOf(cells: Cells, { model, version, client }: Named): Cell {
  const key = `${model}@${version} ${client}`;
  const known = cells.get(key);
  if (known) return known;
  const cell = cells.size < mostCells ? newCell(model, version, client) : newCell('*', '*', client);
  const place = cells.size < mostCells ? key : `* ${client}`;
  const there = cells.get(place);
  if (there) return there;
  cells.set(place, cell);
  return cell;
}

const newCell = (model: string, version: string, client: string): Cell => ({
  model,
  version,
  client,
  answered: 0,
  faults: 0,
  cached: 0,
  latency: new Float64Array(histogramSize),
  waitMaxMs: 0,
  waitSumMs: 0,
  runSumMs: 0,
  batches: 0,
  batchRows: 0,
});
