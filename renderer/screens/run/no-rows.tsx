import { useTranslation } from 'react-i18next';
import { leaveRun } from '../../actions/clear-try.ts';
import { searchRows, showAllRows } from '../../actions/look-at-run.ts';
import { isOver, useRun } from '../../state/run-queries.ts';
import { isFiltered } from '../../state/run-look.ts';
import type { ShownRun } from '../../state/run-look.ts';

/** Why a list has no rows, and the way on. */
export function NoRows({ now }: { readonly now: ShownRun }) {
  const { t } = useTranslation();
  const state = useRun(now.run).data;
  const isWaiting = state?.kind === 'paused' || state?.kind === 'interrupted';
  const over = state !== undefined && isOver(state) && !isWaiting;
  return (
    <div className="no-rows">
      <p>
        {over && state.counts.found === 0
          ? t('run.noPhoto', { title: state.title })
          : t(textOf(now, over ? 'run.nothing' : isWaiting ? 'run.noneYet' : 'run.starting'), {
              search: now.search,
              label: now.label,
            })}
      </p>
      {now.search ? (
        <button type="button" className="link" onClick={() => searchRows(now.run, '')}>
          {t('run.clearSearch')}
        </button>
      ) : isFiltered({ ...now, show: 'all' }) ? (
        <button type="button" className="link" onClick={() => showAllRows(now.run)}>
          {t('run.showAll')}
        </button>
      ) : over && now.show === 'all' ? (
        <button type="button" className="link" onClick={leaveRun}>
          {t('run.chooseAnother')}
        </button>
      ) : null}
    </div>
  );
}

/** `ofNone`: where nothing is filtered. */
function textOf(now: ShownRun, ofNone: string): string {
  const { search, label, show } = now;
  if (search) return 'run.noneFound';
  if (now.review === 'open' && !isFiltered({ ...now, review: null })) return 'run.noneOpen';
  if (isFiltered({ ...now, show: 'all', label: null })) return 'run.noneFit';
  if (label !== null) return 'run.noneLabelled';
  switch (show) {
    case 'unsure':
      return 'run.noneUnsure';
    case 'empty':
      return 'run.noneEmpty';
    case 'faults':
      return 'run.noFaults';
    case 'all':
      return ofNone;
  }
}
