import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunState } from '../../../contract/runs/run.ts';
import { narrowRows, showLabel, showRows } from '../../actions/look-at-run.ts';
import { Bar } from '../../parts/bar.tsx';
import { Count, useNumbers } from '../../parts/numbers.tsx';
import type { ShownRun } from '../../state/run-look.ts';
import { isOver, useFindsThings, useRunSummary } from '../../state/run-queries.ts';

/** Labels that are listed before a person wants all of them. */
const mostRows = 8;

/** How many photos have each label and how many are empty, as the list holds them: with duplicates or without. Each line shows its photos there. */
type RunSeenProps = { readonly now: ShownRun; readonly state: RunState };

export function RunSeen({ now, state }: RunSeenProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const summary = useRunSummary(state.id).data;
  const finds = useFindsThings(state);
  const [isAll, setIsAll] = useState(false);
  const { answered } = state.counts;
  if (!summary || answered === 0 || (summary.top.length === 0 && !finds)) return null;
  const { run, label, show, duplicates } = now;
  const listed = (count: number, twice: number): number =>
    ({ all: count, without: count - twice, only: twice })[duplicates ?? 'all'];
  const labels = summary.top
    .map((one) => ({ label: one.label, count: listed(one.count, one.duplicates) }))
    .filter(({ count }) => count > 0)
    .toSorted((a, b) => b.count - a.count);
  const empty = listed(summary.empty, summary.emptyDuplicates);
  const all = listed(answered, summary.duplicates);
  const top = isAll ? labels : labels.slice(0, mostRows);
  const more = labels.length - top.length;
  const most = Math.max(1, top[0]?.count ?? 0, empty);
  return (
    <section className="section run-seen">
      <div className="row">
        <h2 className="heading">{t(isOver(state) ? 'run.seen' : 'run.seenSoFar')}</h2>
        <span className="small muted end">{t(finds ? 'run.photosWith' : 'run.firstLabel')}</span>
      </div>
      <ul>
        {top.map((one) => (
          <SeenLine
            key={one.label}
            {...one}
            most={most}
            isChosen={label === one.label}
            onChoose={() => showLabel(run, label === one.label ? null : one.label)}
          />
        ))}
        {finds ? (
          <SeenLine
            label={t('boxes.none')}
            count={empty}
            most={most}
            isChosen={show === 'empty'}
            onChoose={() => showRows(run, show === 'empty' ? 'all' : 'empty')}
          />
        ) : null}
      </ul>
      {more > 0 ? (
        <button type="button" className="link small" onClick={() => setIsAll(true)}>
          {t('run.moreLabels', { count: more, n: numbers.count(more) })}
        </button>
      ) : null}
      {finds ? (
        <p className="small muted">
          {t('run.emptyShare', {
            n: numbers.count(empty),
            all: numbers.count(all),
            percent: numbers.share(empty / Math.max(1, all, empty)),
          })}
        </p>
      ) : null}
      {summary.duplicates > 0 ? (
        <p className="small muted">
          {duplicates === null
            ? t('run.withDuplicates', {
                count: summary.duplicates,
                n: numbers.count(summary.duplicates),
              })
            : `${t(`run.duplicates.${duplicates}`)}.`}{' '}
          <button
            type="button"
            className="link"
            onClick={() => narrowRows(run, { duplicates: duplicates === null ? 'without' : null })}
          >
            {t(duplicates === null ? 'run.duplicates.without' : 'run.anyDuplicates')}
          </button>
        </p>
      ) : null}
    </section>
  );
}

type SeenLineProps = {
  readonly label: string;
  readonly count: number;
  readonly most: number;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
};

function SeenLine({ label, count, most, isChosen, onChoose }: SeenLineProps) {
  return (
    <li>
      <button type="button" className="seen-line" aria-pressed={isChosen} onClick={onChoose}>
        <span className="cut" title={label}>
          {label}
        </span>
        <Bar thin value={count / (most * 1.1)} kind="shown" />
        <Count value={count} />
      </button>
    </li>
  );
}
