import type { BatchingParameters } from '../../../contract/serving.ts';

const firstCap = 8;
const largestCap = 128;
/** A batch is not made larger when it would keep its first row waiting longer than this. */
const longestMs = 50;
const smoothing = 0.2;

/** How many rows a batch may have. */
export type BatchSize = {
  readonly most: number;
  /** Rows to pad a batch of `rows` up to. */
  paddedTo(rows: number): number;
  ran(rows: number, ms: number): void;
};

/**
 * The configured sizes, or found by measuring: the batch is doubled (1, 2, 4, …) while a row still gets clearly
 * cheaper.
 */
export function batchSize(parameters: BatchingParameters): BatchSize {
  const allowed = parameters.allowed_batch_sizes;
  const most = allowed?.at(-1) ?? parameters.max_batch_size;
  const paddedTo = (rows: number): number => allowed?.find((size) => size >= rows) ?? rows;
  if (most !== undefined) return { most, paddedTo, ran: () => undefined };

  const perRow = new Map<number, number>();
  let cap = firstCap;
  return {
    get most() {
      return cap;
    },
    paddedTo,
    ran: (rows, ms) => {
      const bucket = 2 ** Math.floor(Math.log2(rows));
      const before = perRow.get(bucket);
      perRow.set(bucket, before === undefined ? ms / rows : before + smoothing * (ms / rows - before));
      if (bucket < cap / 2) return;
      const [here, half, single] = [perRow.get(bucket) ?? 0, perRow.get(bucket / 2), perRow.get(1)];
      if (bucket === cap && half !== undefined && here < 0.9 * half && here * cap * 2 < longestMs)
        cap = Math.min(largestCap, cap * 2);
      else if (cap > 1 && (here * cap > longestMs || (single !== undefined && here > 0.97 * single)))
        cap /= 2;
    },
  };
}
