import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import type { LabelScore } from '../../../contract/packs/labels.ts';
import { Bar } from '../../parts/bar.tsx';
import { Percent, useNumbers } from '../../parts/numbers.tsx';
import { viewOf } from '../../tasks/index.ts';
import { useThreshold } from '../../tasks/threshold.ts';
import { useIsTall } from '../../hooks/use-width.ts';
import { Found } from './found.tsx';

type LabelsProps = {
  readonly photo: string;
  readonly record: PredictionRecord | null;
  readonly fault: Fault | null;
  /** Leaves out what lies below the threshold, so that there is room for something else. */
  readonly isShort: boolean;
};

/** What the model says, highest first, closed by what all other labels have together, or each at most where they are independent. */
export function Labels({ photo, record, fault, isShort }: LabelsProps) {
  const { t, i18n } = useTranslation();
  const numbers = useNumbers();
  const [above] = useThreshold(record?.result ?? null);
  const usual = useIsTall() ? 10 : 5;
  if (!record)
    return (
      <section className="section labels" aria-busy={fault === null}>
        <h2 className="heading">{t('labels.title')}</h2>
        {fault ? <p className="muted">{t('labels.none')}</p> : <LabelsToCome />}
      </section>
    );
  const view = viewOf(record.result);
  if (view.Wordless)
    return (
      <section className="section labels">
        <view.Wordless result={record.result} />
      </section>
    );
  const { entries: predictions, labelCount, isIndependent = false } = view.listed(record.result);
  if (labelCount === null) return <Found photo={photo} result={record.result} />;
  const passing = predictions.filter((one) => one.score >= above).length;
  const listed = predictions.slice(0, isShort ? Math.max(1, passing) : Math.max(usual, passing));
  const others = labelCount - listed.length;
  const rest = isIndependent
    ? (listed.at(-1)?.score ?? 0)
    : Math.max(0, 1 - listed.reduce((sum, one) => sum + one.score, 0));
  // Only so many labels of an answer are known: where all of them pass, others may.
  const isOpenEnded = passing === predictions.length && others > 0;
  const count = t(isOpenEnded ? 'labels.aboveAtLeast' : 'labels.above', {
    n: numbers.count(passing),
    all: numbers.count(labelCount),
  });
  return (
    <section className="section labels">
      <div className="row">
        <h2 className="heading">
          {isIndependent && passing === 0
            ? t('labels.noneAbove', { percent: numbers.percent(above) })
            : (view.heading(record.result, above, i18n.language) ?? t('labels.title'))}
        </h2>
        <span className="small muted end">{count}</span>
      </div>
      {isIndependent ? <p className="small muted">{t('labels.independent')}</p> : null}
      <ol>
        {listed.map((one, index) => (
          <LabelRow
            key={rowKey(listed, index)}
            one={one}
            isFirst={index === 0 && !isIndependent}
            threshold={above}
          />
        ))}
      </ol>
      {others > 0 ? (
        <div className="row muted others">
          <span>
            {t(isIndependent ? 'labels.othersEach' : 'labels.others', { n: numbers.count(others) })}
          </span>
          <span className="end">
            {isIndependent ? '≤ ' : null}
            <Percent value={rest} />
          </span>
        </div>
      ) : null}
    </section>
  );
}

/** React keys: a repeated label gets the count of its earlier occurrences. */
const rowKey = (listed: readonly LabelScore[], at: number): string =>
  `${listed[at]!.index} ${listed.slice(0, at).filter(({ index }) => index === listed[at]!.index).length}`;

type LabelRowProps = { readonly one: LabelScore; readonly isFirst: boolean; readonly threshold: number };

const LabelRow = memo(function LabelRow({ one, isFirst, threshold: above }: LabelRowProps) {
  const isBelow = one.score < above;
  return (
    <li className={isBelow ? 'muted' : isFirst ? 'first' : undefined}>
      <div className="row">
        <span className="cut" title={one.label}>
          {one.label}
        </span>
        <span className="end">
          <Percent value={one.score} />
        </span>
      </div>
      <Bar value={one.score} kind={isBelow ? 'below' : isFirst ? 'first' : 'shown'} threshold={above} />
    </li>
  );
});

function LabelsToCome() {
  return (
    <ol className="to-come" aria-hidden="true">
      {[72, 96, 48, 64, 80].map((width) => (
        <li key={width}>
          <div className="row">
            <span className="grey" style={{ width }} />
          </div>
          <Bar value={0} kind="below" />
        </li>
      ))}
    </ol>
  );
}
