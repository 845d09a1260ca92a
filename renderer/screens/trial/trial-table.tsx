import { useTranslation } from 'react-i18next';
import type { TrialReport, TrialRow, Verdict } from '../../../contract/lifecycle/trial.ts';
import { trialParts } from '../../../contract/lifecycle/trial-weight.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { ZeroBar, ZeroRuler } from './zero-bar.tsx';
import { useCell } from '../../state/cell.ts';
import { itemsLook, partsOf, reach } from '../../state/trial-look.ts';
import type { TrialPart } from '../../state/trial-look.ts';
import { useTrialTexts } from './trial-headline.ts';

/** A line for each label, confirmed photos apart from the others; every count opens the photos behind it. */
export function TrialTable({ report }: { readonly report: TrialReport }) {
  const { headline, counted, weight } = useTrialTexts(report);
  return (
    <>
      <h2 className="title">{headline}</h2>
      <p className="trial-counted">
        {counted.map((line) => (
          <span key={line}>{line} </span>
        ))}
      </p>
      {weight ? <p className="trial-weight muted">{weight}</p> : null}
      {partsOf(report).map((part) => (
        <Part key={part.kind} part={part} report={report} />
      ))}
      <Limits report={report} />
    </>
  );
}

function Part({ part, report }: { readonly part: TrialPart; readonly report: TrialReport }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { kind, verdicts, rows } = part;
  const isConfirmed = kind === 'confirmed';
  const most = reach(rows);
  return (
    <table className="trial-table">
      <caption className="heading">
        {t(`trial.part.${kind}`)} <span className="muted">{numbers.count(part.items)}</span>
      </caption>
      <thead>
        <tr>
          <th scope="col">{t(isConfirmed ? 'trial.label' : 'trial.firstLabel')}</th>
          <th scope="col" className="number">
            {t('trial.photos')}
          </th>
          {verdicts.map((verdict) => (
            <th key={verdict} scope="col" className="number">
              {t(`trial.${verdict}`)}
            </th>
          ))}
          <th scope="col" className="trial-bars">
            <ZeroRuler most={most} twoSided={isConfirmed} />
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.labelId} row={row} verdicts={verdicts} bar={{ most, isConfirmed }} />
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">{t('trial.all')}</th>
          <td className="number">{numbers.count(part.items)}</td>
          {verdicts.map((verdict) => (
            <td key={verdict} className="number">
              <Count label={null} verdict={verdict} n={report.sums[verdict]} />
            </td>
          ))}
          <td />
        </tr>
      </tfoot>
    </table>
  );
}

type RowProps = {
  readonly row: TrialRow;
  readonly verdicts: readonly Verdict[];
  readonly bar: { readonly most: number; readonly isConfirmed: boolean };
};

function Row({ row, verdicts, bar }: RowProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const look = useCell(itemsLook);
  const isShown = look?.labelId === row.labelId && verdicts.includes(look.verdict);
  return (
    <tr className={isShown ? 'is-shown' : undefined}>
      <th scope="row">
        <span className="cut" title={row.label || t('boxes.none')}>
          {row.label || t('boxes.none')}
        </span>
      </th>
      <td className="number">{numbers.count(row.items)}</td>
      {verdicts.map((verdict) => (
        <td key={verdict} className="number">
          <Count label={row} verdict={verdict} n={row[verdict]} />
        </td>
      ))}
      <td className="trial-bars">
        <ZeroBar
          most={bar.most}
          left={bar.isConfirmed ? row.worse : null}
          right={bar.isConfirmed ? row.better : row.differ}
        />
      </td>
    </tr>
  );
}

type CountProps = { readonly label: TrialRow | null; readonly verdict: Verdict; readonly n: number };

function Count({ label, verdict, n }: CountProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const now = useCell(itemsLook);
  if (n === 0) return <span className="muted">0</span>;
  const name = label ? label.label || t('boxes.none') : t('trial.all');
  const isOpen = now?.verdict === verdict && now.labelId === (label?.labelId ?? null);
  return (
    <button
      type="button"
      className="trial-count"
      aria-pressed={isOpen}
      aria-label={t('trial.showItems', { n: numbers.count(n), label: name, verdict: t(`trial.${verdict}`) })}
      onClick={() => itemsLook.set({ label: name, labelId: label?.labelId ?? null, verdict })}
    >
      {numbers.count(n)}
    </button>
  );
}

/** What the numbers do not say. */
function Limits({ report }: { readonly report: TrialReport }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { labelsWithout, missing } = report;
  const isConfirmedAlone = trialParts(report.sums).others === 0;
  return (
    <div className="small muted trial-says">
      {labelsWithout > 0 && report.rows.length > 0 ? (
        <p>
          {t(isConfirmedAlone ? 'trial.labelsWithout' : 'trial.labelsUnseen', {
            count: labelsWithout,
            n: numbers.count(labelsWithout),
          })}
        </p>
      ) : null}
      {missing > 0 ? <p>{t('trial.missing', { count: missing, n: numbers.count(missing) })}</p> : null}
    </div>
  );
}
