import { useTranslation } from 'react-i18next';
import type { TrialReport } from '../../../contract/lifecycle/trial.ts';
import { trialParts, trialWeight } from '../../../contract/lifecycle/trial-weight.ts';
import { useNumbers } from '../../parts/numbers.tsx';

/** A trial in one sentence; what it was counted on; and how much that can say. */
type TrialTexts = {
  readonly headline: string;
  readonly counted: readonly string[];
  readonly weight: string;
};

export function useTrialTexts(report: TrialReport): TrialTexts {
  const { t, i18n } = useTranslation();
  const numbers = useNumbers();
  const { from, to, sums, basis } = report;
  const { confirmed, others } = trialParts(sums);
  if (sums.items === 0)
    return { headline: t('trial.says.nothing', { to }), counted: [t('trial.over.none')], weight: '' };
  const values = {
    from,
    to,
    right: numbers.count(sums.right),
    better: numbers.count(sums.better),
    worse: numbers.count(sums.worse),
    differ: numbers.count(sums.differ),
  };
  const outcome = confirmed > 0 ? verdictOfConfirmed(sums) : sums.differ === 0 ? 'same' : 'differ';
  const count = confirmed > 0 ? confirmed : others;
  const each = (['right', 'better', 'worse', 'wrong'] as const)
    .filter((verdict) => sums[verdict] > 0)
    .map((verdict) => t(`trial.rests.${verdict}`, { n: numbers.count(sums[verdict]) }));
  const list = new Intl.ListFormat(i18n.language, { style: 'long', type: 'unit' }).format(each);
  return {
    headline: t(`trial.says.${outcome}`, { ...values, count, n: numbers.count(count) }),
    counted: [
      ...(confirmed > 0
        ? [t('trial.rests.confirmed', { count: confirmed, n: numbers.count(confirmed), list })]
        : []),
      ...(others > 0
        ? [t(`trial.rests.${basis}`, { ...values, count: others, n: numbers.count(others) })]
        : []),
    ],
    weight: t(`trial.weight.${trialWeight(sums)}`, {
      ...values,
      count: confirmed,
      n: numbers.count(confirmed),
    }),
  };
}

function verdictOfConfirmed(sums: TrialReport['sums']): string {
  const { confirmed } = trialParts(sums);
  if (sums.better > 0) return sums.worse > 0 ? 'both' : 'better';
  if (sums.worse > 0) return 'worse';
  if (sums.right === confirmed) return 'right';
  return sums.wrong === confirmed ? 'wrong' : 'even';
}
