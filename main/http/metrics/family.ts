import { Registry } from 'prom-client';
import type { Metric } from 'prom-client';
import type { Histogram } from './buckets.ts';

export type Labels = Readonly<Record<string, string>>;
export type Value = { readonly labels: Labels; readonly value: number; readonly metricName?: string };
/** A metric with all its values at this moment. */
export type Family = {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly values: readonly Value[];
};

export const gauge = (name: string, help: string, value: number): Family => ({
  name,
  help,
  type: 'gauge',
  values: [{ labels: {}, value }],
});
export const counter = (name: string, help: string, values: readonly Value[]): Family => ({
  name,
  help,
  type: 'counter',
  values,
});

type Observed = { readonly labels: Labels; readonly histogram: Histogram };
export function histogram(name: string, help: string, observed: readonly Observed[]): Family {
  return { name, help, type: 'histogram', values: observed.flatMap((one) => valuesOf(name, one)) };
}

function valuesOf(name: string, { labels, histogram: { bounds, counts, sum } }: Observed): Value[] {
  let count = 0;
  // Shares of a batch add up to whole ones but for rounding.
  const whole = (value: number): number => Number(value.toFixed(6));
  const buckets = [...counts].map((here, at): Value => {
    count += here;
    const le = at < bounds.length ? String(whole(bounds[at] ?? 0)) : '+Inf';
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: whole(count) };
  });
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: whole(count) },
  ];
}

/** The text that Prometheus reads. Families without a value are left out. */
export async function textOf(families: readonly Family[]): Promise<{ type: string; text: string }> {
  const registry = new Registry();
  for (const family of families) {
    if (family.values.length === 0) continue;
    const metric = { ...family, aggregator: 'sum', get: () => Promise.resolve(family) };
    // The registry asks a metric for its values alone; counting is done here, where a request costs less.
    registry.registerMetric(metric as unknown as Metric);
  }
  return { type: registry.contentType, text: await registry.metrics() };
}
