import type { BatchingParameters } from '../../../contract/serving/serving.ts';
import type { OpenedServing } from '../../serving/index.ts';

type Parts = Pick<OpenedServing, 'catalogue' | 'givenBatching' | 'setBatching'>;

/** Turns batching off while runs are journaled: of a batch one could not tell which request caused a crash. */
export function createBatchingPause({
  catalogue,
  givenBatching,
  setBatching,
}: Parts): (isWatching: boolean) => void {
  let before: Readonly<Record<string, BatchingParameters>> | null = null;
  return (isWatching) => {
    if (isWatching && !before) {
      before = givenBatching();
      setBatching(Object.fromEntries(catalogue().map(({ packId }) => [packId, { max_batch_size: 1 }])));
    } else if (!isWatching && before) {
      setBatching(before);
      before = null;
    }
  };
}
