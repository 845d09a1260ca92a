import { expect, test } from 'vitest';
import type { BatchingParameters } from '../../contract/serving/serving.ts';
import { createWorkerBatching } from '../../main/prefork/worker/worker-batching.ts';

test('of the batches that may wait a worker has its part, anew whenever one comes or goes, also behind a pause', () => {
  let given: Readonly<Record<string, BatchingParameters>> = {
    joined: { max_batch_size: 8, max_enqueued_batches: 64 },
    plain: { max_batch_size: 4 },
  };
  let changes = 0;
  const { divide, watch } = createWorkerBatching({
    catalogue: () => [{ packId: 'joined' }] as never,
    givenBatching: () => given,
    setBatching: (next) => {
      changes += 1;
      given = next;
    },
  });
  const most = () => given['joined']?.max_enqueued_batches;
  divide(1);
  expect([most(), changes]).toEqual([64, 0]);
  divide(4);
  expect(most()).toBe(16);
  divide(5);
  expect(most()).toBe(12);
  divide(100);
  expect(most()).toBe(1);
  watch(true);
  divide(2);
  expect(given).toEqual({ joined: { max_batch_size: 1 } });
  watch(false);
  expect(given).toEqual({
    joined: { max_batch_size: 8, max_enqueued_batches: 32 },
    plain: { max_batch_size: 4 },
  });
});
