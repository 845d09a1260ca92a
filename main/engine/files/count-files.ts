import { walk } from './walk.ts';

/**
 * Counts what a run will meet, ahead of the answers, so that its end can be foretold. `onCount` gets the number so far
 * now and then, and once more at the end with `isAll`. Walks as the run does; the run's own walk has the last word.
 */
export async function countFiles(
  inputs: readonly string[],
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
