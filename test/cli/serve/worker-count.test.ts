import { expect, test } from 'vitest';
import { ServeConfig } from '../../../main/cli/serve/config.ts';
import { workerCount } from '../../../main/cli/serve/worker-count.ts';

const gibibyte = 1024 ** 3;
const room = { cores: 8, memoryBytes: 32 * gibibyte, weightBytes: gibibyte / 4, isOnDevice: false };
const countOf = (given: object, more: Partial<typeof room> = {}) =>
  workerCount(ServeConfig.parse(given), { ...room, ...more });
const workersOf = (...given: Parameters<typeof countOf>) => {
  const count = countOf(...given);
  return count.ok ? count.value.workers : count.fault.message;
};

test('auto is as many as cores, fewer where the models do not fit as often, and one on another device', () => {
  expect(workersOf({})).toBe(8);
  // 0.4 GiB a worker and two bodies of 64 MiB: a small container.
  expect(workersOf({}, { memoryBytes: 2 * gibibyte })).toBe(3);
  expect(workersOf({}, { memoryBytes: gibibyte / 4 }), 'never none').toBe(1);
  expect(workersOf({}, { isOnDevice: true })).toBe(1);
  expect(workersOf({ 'request-memory': '256mb' }), 'of two bodies each').toBe(2);
});

test('what was asked for and cannot fit is refused with the figures', () => {
  expect(workersOf({ workers: 8 }, { memoryBytes: 2 * gibibyte })).toMatch(
    /8 workers do not fit: each takes about 403 MiB .* 2,048 MiB\. Give --workers 4 or fewer/u,
  );
  expect(workersOf({ workers: 4 }, { memoryBytes: 2 * gibibyte })).toBe(4);
  expect(workersOf({ workers: 4, 'request-memory': '256mb' })).toMatch(
    /--request-memory 256mb is less than two bodies .* each of 4 workers\. Give 512mb/u,
  );
  expect(workersOf({ workers: 1 }, { memoryBytes: gibibyte / 4 }), 'one is tried').toBe(1);
});

test('the fewest are as many as the most unless they are given, and the memory for requests is that of all', () => {
  expect(countOf({ workers: 3 })).toMatchObject({ value: { workers: 3, minWorkers: 3 } });
  const count = countOf({ 'min-workers': 2, 'max-body': '1mb', 'max-loaded': 5, backlog: 7 });
  expect(count).toMatchObject({
    value: { workers: 8, minWorkers: 2, totals: { backlog: 7, maxLoaded: 5, maxBodyBytes: 1024 ** 2 } },
  });
  // Each of many workers has room for two bodies, whatever a sixth of the memory is.
  const many = countOf({ workers: 16 }, { memoryBytes: 32 * gibibyte });
  expect(many.ok && many.value.totals.requestMemoryBytes).toBeGreaterThanOrEqual(16 * 128 * 1024 ** 2);
});
