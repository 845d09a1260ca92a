/** Counts by upper bounds, as Prometheus has them. */
export type Histogram = { readonly bounds: readonly number[]; readonly counts: Float64Array; sum: number };

/** Seconds: from an answer of the store to one that a person gives up on. */
export const secondBounds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;
export const batchBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024] as const;
/** TensorFlow Serving's own for latencies, in microseconds. */
export const tensorflowBounds = Array.from({ length: 33 }, (_, n) => 10 * 1.8 ** n);

export const newHistogram = (bounds: readonly number[]): Histogram => ({
  bounds,
  counts: new Float64Array(bounds.length + 1),
  sum: 0,
});

export function observe(histogram: Histogram, value: number, times = 1): void {
  const { bounds, counts } = histogram;
  let low = 0;
  let high = bounds.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (value <= (bounds[middle] ?? 0)) high = middle;
    else low = middle + 1;
  }
  counts[low] = (counts[low] ?? 0) + times;
  histogram.sum += value * times;
}
