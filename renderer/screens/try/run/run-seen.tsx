import { useTranslation } from 'react-i18next';
import type { RunState } from '../../../../contract/run.ts';
import { showLabel, showRows } from '../../../actions/move.ts';
import { Bar } from '../../../parts/bar.tsx';
import { Count, useNumbers } from '../../../parts/numbers.tsx';
import { useCell } from '../../../state/cell.ts';
import { isOver, useFindsThings, useRunSummary } from '../../../state/run-queries.ts';
import { trial } from '../../../state/trial.ts';

/** Labels that are listed; the others are in the list's own filter. */
const mostRows = 8;

/** How many photos have each label and how many are empty; each line shows its photos in the list. */
export function RunSeen({ state }: { readonly state: RunState }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const summary = useRunSummary(state.id).data;
  const finds = useFindsThings(state);
  const now = useCell(trial);
  const { answered } = state.counts;
  if (!summary || answered === 0 || (summary.top.length === 0 && !finds)) return null;
  const { empty } = summary;
  const top = summary.top.slice(0, mostRows);
  const most = Math.max(1, top[0]?.count ?? 0, empty);
  const [label, show] = now.kind === 'run' ? [now.label, now.show] : [null, 'all'];
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
            onChoose={() => showLabel(label === one.label ? null : one.label)}
          />
        ))}
        {finds ? (
          <SeenLine
            label={t('boxes.none')}
            count={empty}
            most={most}
            isChosen={show === 'empty'}
            onChoose={() => showRows(show === 'empty' ? 'all' : 'empty')}
          />
        ) : null}
      </ul>
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
