import type { AccessEntry } from '../server/index.ts';
import { newHistogram, observe, secondBounds } from './buckets.ts';
import { counter, histogram } from './family.ts';
import type { Family } from './family.ts';

const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Requests as the server core sees them, also those that reach no model. */
export function createHttpCounts() {
  const byStatus = new Map<string, { method: string; status: string; count: number }>();
  const duration = newHistogram(secondBounds);
  return {
    count({ method, status, ms }: AccessEntry): void {
      // Unknown methods are counted as OTHER: clients must not create label values.
      const known = methods.has(method) ? method : 'OTHER';
      const key = `${known} ${status}`;
      const there = byStatus.get(key) ?? { method: known, status: String(status), count: 0 };
      there.count += 1;
      byStatus.set(key, there);
      observe(duration, ms / 1000);
    },
    families: (): readonly Family[] => [
      counter(
        'outpost_http_requests_total',
        'HTTP requests that were answered, by method and status.',
        [...byStatus.values()].map(({ method, status, count }) => ({
          labels: { method, status },
          value: count,
        })),
      ),
      histogram(
        'outpost_http_request_duration_seconds',
        'From the first byte of a request to the last of its answer.',
        [{ labels: {}, histogram: duration }],
      ),
    ],
  };
}
