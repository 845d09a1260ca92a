import type { Served, ServedVersion } from '../../../contract/serving/serving.ts';
import type { Serving } from '../../serving/index.ts';

/** `ns` nanoseconds in all, over `count`. */
type Duration = { count: number; ns: number };
type Sums = {
  lastMs: number;
  rows: number;
  /** Each request is its share of the batch that it ran in, so that the shares of a batch add up to 1. */
  executions: number;
  readonly durations: Readonly<Record<Kind, Duration>>;
  readonly batches: Map<number, Compute>;
};
/** In the order in which a batch goes through them. */
const steps = ['compute_input', 'compute_infer', 'compute_output'] as const;
type Compute = Readonly<Record<(typeof steps)[number], Duration>>;
const kinds = ['success', 'fail', 'queue', ...steps, 'cache_hit', 'cache_miss'] as const;
type Kind = (typeof kinds)[number];

export type StatisticsBook = {
  /** Where another process counts: brings its figures here, before `of` is asked. */
  refresh?(): Promise<void>;
  /** `ModelStatistics` of one version, since this book was opened. */
  of(served: ServedVersion): object;
  close(): void;
};

/** Counts what is served, by every client, in the fields of the protocol: what came from the cache is a success and no inference. */
export function openStatistics(serving: Serving): StatisticsBook {
  const books = new Map<string, Sums>();
  const close = serving.onServed((served) => {
    const key = `${served.model}@${served.version}`;
    const sums = books.get(key) ?? noSums();
    books.set(key, sums);
    count(sums, served);
  });
  return {
    of: (served) => statisticsOf(served, books.get(`${served.id}@${served.version}`) ?? noSums()),
    close,
  };
}

function count(sums: Sums, served: Served): void {
  const { at, code, cached, rows, batchRows, totalMs, queueMs } = served;
  const { durations, batches } = sums;
  sums.lastMs = at;
  if (code !== 'ok') return add(durations.fail, totalMs);
  add(durations.success, totalMs);
  add(durations.queue, queueMs);
  if (cached) return add(durations.cache_hit, totalMs);
  const took = {
    compute_input: served.inputMs ?? 0,
    compute_infer: served.runMs,
    compute_output: served.outputMs ?? 0,
  };
  for (const step of steps) add(durations[step], took[step]);
  sums.rows += rows;
  const share = batchRows > 0 ? rows / batchRows : 1;
  sums.executions += share;
  const batch = batches.get(batchRows) ?? noCompute();
  batches.set(batchRows, batch);
  for (const step of steps) add(batch[step], took[step] * share, share);
}

function add(duration: Duration, ms: number, times = 1): void {
  duration.count += times;
  duration.ns += ms * 1e6;
}

function statisticsOf(
  { id, shownVersion: version }: ServedVersion,
  { lastMs, rows, executions, durations, batches }: Sums,
): object {
  return {
    name: id,
    version,
    last_inference: lastMs,
    inference_count: rows,
    execution_count: Math.round(executions),
    inference_stats: Object.fromEntries(kinds.map((kind) => [kind, whole(durations[kind])])),
    batch_stats: [...batches]
      .sort(([one], [other]) => one - other)
      .map(([size, durations]) => ({
        batch_size: size,
        ...Object.fromEntries(steps.map((step) => [step, whole(durations[step])])),
      })),
  };
}

const whole = ({ count: times, ns }: Duration): Duration => ({
  count: Math.round(times),
  ns: Math.round(ns),
});

const none = (): Duration => ({ count: 0, ns: 0 });
const noCompute = (): Compute => ({ compute_input: none(), compute_infer: none(), compute_output: none() });

function noSums(): Sums {
  return {
    lastMs: 0,
    rows: 0,
    executions: 0,
    durations: {
      success: none(),
      fail: none(),
      queue: none(),
      ...noCompute(),
      cache_hit: none(),
      cache_miss: none(),
    },
    batches: new Map(),
  };
}
