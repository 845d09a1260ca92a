import { isDeepStrictEqual } from 'node:util';
import type { BatchingParameters } from '../../../contract/serving/serving.ts';
import type { OpenedServing } from '../../serving/index.ts';

type Parts = Pick<OpenedServing, 'catalogue' | 'givenBatching' | 'setBatching'>;
type Batching = Readonly<Record<string, BatchingParameters>>;

/**
 * Batching of one worker of several: of the batches that may wait it has its part, and it joins nothing while runs are journaled, since
 * of a batch one could not tell which request caused a crash.
 */
export function createWorkerBatching({ catalogue, givenBatching, setBatching }: Parts) {
  const whole = givenBatching();
  let processes = 1;
  let isWatching = false;
  const apply = (): void => {
    const now = isWatching
      ? Object.fromEntries(catalogue().map(({ packId }) => [packId, { max_batch_size: 1 }]))
      : partOf(whole, processes);
    if (!isDeepStrictEqual(now, givenBatching())) setBatching(now);
  };
  return {
    watch: (next: boolean): void => {
      isWatching = next;
      apply();
    },
    /** `next`: how many processes the limits are divided among. */
    divide: (next: number): void => {
      processes = next;
      apply();
    },
  };
}

const partOf = (batching: Batching, processes: number): Batching =>
  Object.fromEntries(
    Object.entries(batching).map(([id, { max_enqueued_batches: all, ...parameters }]) => [
      id,
      all === undefined
        ? parameters
        : { ...parameters, max_enqueued_batches: Math.max(1, Math.floor(all / processes)) },
    ]),
  );
