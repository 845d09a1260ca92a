import { walk } from './walk.ts';

/**
 * Counts a run's files ahead of its results, so that the time left can be estimated. `onCount` gets the number so far now
 * and then, and once more at the end with `isAll`. The count is an estimate until the run's own walk ends.
 */
export async function countFiles(
  inputs: AsyncIterable<string> | Iterable<string>,
  onCount: (count: number, isAll: boolean) => void,
  signal: AbortSignal,
): Promise<void> {
  let count = 0;
  const found = walk(inputs);
  while (!(await found.next()).done) {
    if (signal.aborted) return;
    count += 1;
    if (count % 64 === 0) onCount(count, false);
  }
  if (!signal.aborted) onCount(count, true);
}
