import { useTranslation } from 'react-i18next';
import { clearTrial } from '../../../actions/clear-trial.ts';
import { searchRows, showLabel } from '../../../actions/move.ts';
import { isOver, useRun } from '../../../state/run-queries.ts';
import type { RunTrial } from '../../../state/trial.ts';

/** Why a list has no rows, and the way on. */
export function NoRows({ now }: { readonly now: RunTrial }) {
  const { t } = useTranslation();
  const state = useRun(now.run).data;
  const over = state !== undefined && isOver(state);
  return (
    <div className="no-rows">
      <p>{t(textOf(now, over), { search: now.search, label: now.label })}</p>
      {now.search ? (
        <button type="button" className="link" onClick={() => searchRows('')}>
          {t('run.clearSearch')}
        </button>
      ) : now.label !== null ? (
        <button type="button" className="link" onClick={() => showLabel(null)}>
          {t('run.anyLabel')}
        </button>
      ) : over && now.show === 'all' ? (
        <button type="button" className="link" onClick={clearTrial}>
          {t('run.chooseAnother')}
        </button>
      ) : null}
    </div>
  );
}

function textOf({ search, label, show }: RunTrial, over: boolean): string {
  if (search) return 'run.noneFound';
  if (label !== null) return 'run.noneLabelled';
  switch (show) {
    case 'unsure':
      return 'run.noneUnsure';
    case 'empty':
      return 'run.noneEmpty';
    case 'faults':
      return 'run.noFaults';
    case 'all':
      return over ? 'run.nothing' : 'run.starting';
  }
}
