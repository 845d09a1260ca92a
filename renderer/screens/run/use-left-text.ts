import { useTranslation } from 'react-i18next';
import type { RunState } from '../../../contract/runs/run.ts';
import { useNumbers } from '../../parts/numbers.tsx';

/** Text of the time left of a run: a range until it can be estimated, then a single value; null if nothing is known. */
export function useLeftText(): (run: Pick<RunState, 'leftMs' | 'leftRangeMs'>) => string | null {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return ({ leftMs, leftRangeMs }) => {
    if (leftRangeMs) {
      const [from, to] = [numbers.left(leftRangeMs.from), numbers.left(leftRangeMs.to)];
      return from === to ? t('run.about', { time: to }) : t('run.fromTo', { from, to });
    }
    return leftMs === null ? null : t('run.about', { time: numbers.left(leftMs) });
  };
}
