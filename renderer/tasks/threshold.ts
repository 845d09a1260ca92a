import type { Result } from '../../contract/tasks/index.ts';
import { useCell } from '../state/cell.ts';
import { movedThresholds, threshold } from '../state/try-page.ts';
import { viewOf } from './index.ts';

/** From which score on (0 to 1) what was found on this photo is shown, and what moves it for all photos of its task. */
export function useThreshold(result: Result | null): readonly [number, (next: number) => void] {
  useCell(threshold);
  useCell(movedThresholds);
  const set = (next: number): void => {
    if (result && packThresholdOf(result) !== null)
      movedThresholds.set({ ...movedThresholds.get(), [result.task]: next });
    else threshold.set(next);
  };
  return [thresholdOf(result), set];
}

/** The pack's threshold until a person moves it; the window's default where the pack has none. */
export function thresholdOf(result: Result | null): number {
  const own = result && packThresholdOf(result);
  return own === null ? threshold.get() : (movedThresholds.get()[result!.task] ?? own);
}

const packThresholdOf = (result: Result): number | null => viewOf(result).packThreshold(result);
