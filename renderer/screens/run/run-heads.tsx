import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { sortRows } from '../../actions/look-at-run.ts';
import type { ShownRun } from '../../state/run-look.ts';

const at14 = { size: 14, stroke: 2, 'aria-hidden': true } as const;

/** Columns that a press sorts by: the surest first, names and labels from A on. */
const sortable = {
  walk: { word: 'run.photo', hint: 'run.sortWalk', isDescendingFirst: false },
  label: { word: 'run.label', hint: 'run.sortLabel', isDescendingFirst: false },
  score: { word: 'run.score', hint: 'run.sortScore', isDescendingFirst: true },
} as const;

/** The heads of the columns, which stay while the rows scroll; a second press turns the order round. */
export function RunHeads({ now }: { readonly now: ShownRun }) {
  const { t } = useTranslation();
  return (
    <div className="run-row run-heads small muted" role="row" aria-rowindex={1}>
      <span role="columnheader">
        <span className="hidden-words">{t('run.picture')}</span>
      </span>
      <Head now={now} by="walk" />
      <Head now={now} by="label" />
      <span role="columnheader">
        <span className="hidden-words">{t('run.bar')}</span>
      </span>
      <Head now={now} by="score" />
      <span role="columnheader" className="number" title={t('run.msHint')}>
        ms
      </span>
    </div>
  );
}

function Head({ now: { run, sort }, by }: { readonly now: ShownRun; readonly by: keyof typeof sortable }) {
  const { t } = useTranslation();
  const { word, hint, isDescendingFirst } = sortable[by];
  const isSorted = sort.by === by;
  const Arrow = sort.descending ? IconArrowDown : IconArrowUp;
  return (
    <span
      role="columnheader"
      className={by === 'score' ? 'number' : undefined}
      aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button
        type="button"
        className={isSorted ? 'run-head is-sorted' : 'run-head'}
        title={t(hint)}
        onClick={() => sortRows(run, { by, descending: isSorted ? !sort.descending : isDescendingFirst })}
      >
        <span className="cut">{t(word)}</span>
        {isSorted ? <Arrow {...at14} /> : null}
      </button>
    </span>
  );
}
