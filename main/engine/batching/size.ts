import type { BatchingParameters } from '../../../contract/serving/serving.ts';

const firstCap = 8;
const largestCap = 128;
/** A batch is not made larger when it would keep its first row waiting longer than this. */
const longestMs = 50;
const smoothing = 0.2;
/** Rows of a larger batch are clearly cheaper; rows of a batch that are not a little cheaper than single ones are not worth their copies. */
const clearlyCheaper = 0.9;
const hardlyCheaper = 0.95;
/** This many batches of a size tell that it gains nothing; larger ones are tried sooner. */
const enough = 8;
/** One batch in so many has another size: a busy machine is slow in every size. More often while its cost is unknown. */
const probeEvery = 64;
const probeUnknownEvery = 4;

/** How many rows a batch may have. */
export type BatchSize = {
  readonly most: number;
  /** Rows of the batch that is put together now: now and then of a size that is to be measured. */
  next(): number;
  /** Rows to pad a batch of `rows` up to. */
  paddedTo(rows: number): number;
  /** `ms`: copies and run. */
  ran(rows: number, ms: number): void;
};

/**
 * The configured sizes, or found by measuring: the batch is doubled (1, 2, 4, …) while a row still gets clearly
 * cheaper, and rows run one by one where merging them gains nothing.
 */
export function batchSize(parameters: BatchingParameters): BatchSize {
  const allowed = parameters.allowed_batch_sizes;
  const most = allowed?.at(-1) ?? parameters.max_batch_size;
  const paddedTo = (rows: number): number => allowed?.find((size) => size >= rows) ?? rows;
  if (most !== undefined) return { most, next: () => most, paddedTo, ran: () => undefined };

  const costs = new Map<number, { msPerRow: number; count: number }>();
  const costOf = (bucket: number, count = 1): number | null => {
    const cost = costs.get(bucket);
    return cost && cost.count >= count ? cost.msPerRow : null;
  };
  let cap = firstCap;
  let turn = 0;
  /** One of `others` in so many turns, each in its turn. */
  const every = (turns: number, others: readonly number[]): number =>
    turn % turns === 0 ? others[(turn / turns) % others.length]! : cap;
  const adapt = (bucket: number): void => {
    const here = costOf(bucket);
    const half = costOf(bucket / 2);
    const single = costOf(bucket, enough) === null ? null : costOf(1, enough);
    if (here === null || bucket === 1) return;
    const isCheaper = half !== null && here < clearlyCheaper * half;
    if (bucket > cap) cap = isCheaper ? bucket : cap;
    else if (bucket === cap && isCheaper && here * cap * 2 < longestMs) cap = Math.min(largestCap, cap * 2);
    else if (single !== null && here > hardlyCheaper * single) cap = bucket / 2;
    else if (bucket >= cap / 2 && here * cap > longestMs) cap /= 2;
  };
  return {
    get most() {
      return cap;
    },
    next: () => {
      turn += 1;
      const others = cap === 1 ? [2] : [1, cap / 2];
      const unknown = others.filter((other) => costOf(other, other === cap / 2 ? 1 : enough) === null);
      return unknown.length > 0 ? every(probeUnknownEvery, unknown) : every(probeEvery, others);
    },
    paddedTo,
    ran: (rows, ms) => {
      const bucket = 2 ** Math.round(Math.log2(rows));
      const cost = costs.get(bucket) ?? { msPerRow: ms / rows, count: 0 };
      cost.msPerRow += smoothing * (ms / rows - cost.msPerRow);
      cost.count += 1;
      costs.set(bucket, cost);
      adapt(bucket);
    },
  };
}
