import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunState } from '../../../contract/run.ts';
import { showLabel, showRows } from '../../actions/look-at-run.ts';
import { Bar } from '../../parts/bar.tsx';
import { Count, useNumbers } from '../../parts/numbers.tsx';
import type { ShownRun } from '../../state/run-look.ts';
import { isOver, useFindsThings, useRunSummary } from '../../state/run-queries.ts';

/** Labels that are listed before a person wants all of them. */
const mostRows = 8;

/** How many photos have each label and how many are empty; each line shows its photos in the list. */
type RunSeenProps = { readonly now: ShownRun; readonly state: RunState };

export function RunSeen({ now, state }: RunSeenProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const summary = useRunSummary(state.id).data;
  const finds = useFindsThings(state);
  const [isAll, setIsAll] = useState(false);
  const { answered } = state.counts;
  if (!summary || answered === 0 || (summary.top.length === 0 && !finds)) return null;
  const { empty } = summary;
  const top = isAll ? summary.top : summary.top.slice(0, mostRows);
  const more = summary.top.length - top.length;
  const most = Math.max(1, top[0]?.count ?? 0, empty);
  const { run, label, show } = now;
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
            all: numbers.count(answered),
            percent: numbers.share(empty / Math.max(answered, empty)),
          })}
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
