import { useTranslation } from 'react-i18next';
import type { RunState } from '../../../../contract/run.ts';
import { useNumbers } from '../../../parts/numbers.tsx';

/** The time left of a run: by its bounds until it can be foretold, then about; null where nothing is known. */
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
