import { IconChecks } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { RunState } from '../../../contract/runs/run.ts';
import { ranksOrFinds } from '../../../contract/tasks/index.ts';
import { reviewRest } from '../../actions/look-at-run.ts';
import { Bar } from '../../parts/bar.tsx';
import { Button } from '../../parts/button.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { useRunModel, useRunSummary } from '../../state/run-queries.ts';

/** Of how many photos a person said what is on them, and the way to the others. */
export function RunReview({ state }: { readonly state: RunState }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const model = useRunModel(state);
  const summary = useRunSummary(state.id).data;
  const { answered } = state.counts;
  if (!summary || !model || answered === 0 || !ranksOrFinds(model.task)) return null;
  const reviewed = Math.min(answered, summary.reviewed);
  const open = answered - reviewed;
  return (
    <section className="section run-review">
      <div className="row">
        <h2 className="heading">{t('run.review')}</h2>
        <span className="small muted number end">
          {t('run.reviewed', { n: numbers.count(reviewed), all: numbers.count(answered) })}
        </span>
      </div>
      <Bar thin value={reviewed / answered} kind={open === 0 ? 'first' : 'shown'} />
      {open === 0 ? null : (
        <Button
          size="small"
          icon={<IconChecks size={16} stroke={1.5} aria-hidden="true" />}
          title={t('run.reviewHint')}
          onClick={() => reviewRest(state.id)}
        >
          {t('run.reviewOpen', { count: open, n: numbers.count(open) })}
        </Button>
      )}
    </section>
  );
}
