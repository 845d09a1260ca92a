import type { BatchingParameters } from '../../../contract/serving.ts';
import type { OpenedServing } from '../../serving/index.ts';

type Parts = Pick<OpenedServing, 'catalogue' | 'batching' | 'setBatching'>;

/** Which of the requests that ran as one was the crash's cause cannot be told: while the arbiter watches, each runs alone. */
export function createBatchingPause({
  catalogue,
  batching,
  setBatching,
}: Parts): (isWatching: boolean) => void {
  let before: Readonly<Record<string, BatchingParameters>> | null = null;
  return (isWatching) => {
    if (isWatching && !before) {
      before = Object.fromEntries(catalogue().map(({ packId }) => [packId, batching(packId)]));
      setBatching(Object.fromEntries(Object.keys(before).map((id) => [id, { max_batch_size: 1 }])));
    } else if (!isWatching && before) {
      setBatching(before);
      before = null;
    }
  };
}
