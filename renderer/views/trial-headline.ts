import { useTranslation } from 'react-i18next';
import type { TrialReport } from '../../contract/trial.ts';
import { useNumbers } from '../parts/numbers.tsx';
import { isJudged } from '../state/trial-look.ts';

/** A trial in one sentence, and over what it was. */
export function useTrialHeadline(report: TrialReport): { readonly headline: string; readonly basis: string } {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { from, to, sums, basis } = report;
  const n = { n: numbers.count(sums.items), count: sums.items, from, to };
  const on = {
    better: numbers.count(sums.better),
    worse: numbers.count(sums.worse),
    differ: numbers.count(sums.differ),
  };
  const key = ((): string => {
    if (sums.items === 0) return 'trial.says.nothing';
    if (!isJudged(report)) return sums.differ === 0 ? 'trial.says.same' : 'trial.says.differ';
    if (sums.better === 0 && sums.worse === 0) return 'trial.says.noBetter';
    if (sums.worse === 0) return 'trial.says.better';
    if (sums.better === 0) return 'trial.says.worse';
    return 'trial.says.both';
  })();
  return {
    headline: t(key, { ...n, ...on }),
    basis: sums.items === 0 ? t('trial.over.none') : t(`trial.over.${basis}`, n),
  };
}
