import { useTranslation } from 'react-i18next';
import type { Timeline } from '../../contract/timeline.ts';
import type { TrialReport } from '../../contract/trial.ts';
import { decideTrial } from '../actions/decide-trial.ts';
import { showModels } from '../actions/move.ts';
import { Button } from '../parts/button.tsx';
import { Passed } from '../parts/passed.tsx';
import { Percent } from '../parts/numbers.tsx';
import { useCell } from '../state/cell.ts';
import { underWay } from '../state/lifecycle.ts';
import { verdictsOf } from '../state/trial-look.ts';
import { TrialItems } from './trial-items.tsx';
import { TrialSides } from './trial-sides.tsx';

export type TrialPaneProps = {
  readonly report: TrialReport;
  /** Null when nothing is to be decided. */
  readonly timeline: Timeline | null;
};

export function TrialPane({ report, timeline }: TrialPaneProps) {
  const { t } = useTranslation();
  const { golden } = report.sides.to;
  return (
    <aside className="pane">
      <div className="pane-scroll">
        <section className="section">
          <div className="row trial-heading">
            <h2 className="heading">{t(timeline ? 'trial.here' : 'trial.changed')}</h2>
            {golden ? (
              <span className="end">
                <Passed
                  passed={golden.passed === golden.total}
                  words={t(golden.passed === golden.total ? 'trial.passed' : 'trial.notPassed')}
                />
              </span>
            ) : null}
          </div>
          {report.sums.items > 0 ? <Shares report={report} /> : null}
        </section>
        <TrialSides report={report} />
        <TrialItems report={report} />
      </div>
      {timeline ? <Decide report={report} timeline={timeline} /> : <Leave />}
    </aside>
  );
}

function Shares({ report }: { readonly report: TrialReport }) {
  const { t } = useTranslation();
  const verdicts = verdictsOf(report).filter((verdict) => report.sums[verdict] > 0 || verdict !== 'differ');
  const share = (n: number): number => n / Math.max(1, report.sums.items);
  const order = ['agree', 'better', 'worse', 'differ'] as const;
  const shown = order.filter((verdict) => verdicts.includes(verdict));
  return (
    <>
      <div className="shares" aria-hidden="true">
        {shown.map((verdict) =>
          report.sums[verdict] > 0 ? (
            <span key={verdict} className={verdict} style={{ flexGrow: share(report.sums[verdict]) }} />
          ) : null,
        )}
      </div>
      <ul className="share-list">
        {shown.map((verdict) => (
          <li key={verdict} className="row">
            <span className={`share-key ${verdict}`} aria-hidden="true" />
            {t(`trial.${verdict}`)}
            <span className="end">
              <Percent value={share(report.sums[verdict])} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Decide({ report, timeline }: { readonly report: TrialReport; readonly timeline: Timeline }) {
  const { t } = useTranslation();
  const name = { model: report.model, version: report.to };
  const isBusy = useCell(underWay).has(`${name.model}@${name.version}`);
  const isOpen = timeline.versions.find((entry) => entry.version === report.to)?.state.kind === 'on-trial';
  if (!isOpen) return <Leave />;
  return (
    <div className="pane-actions">
      <Button tone="primary" disabled={isBusy} onClick={() => void decideTrial(name, 'switch')}>
        {t('version.switchTo', { version: report.to })}
      </Button>
      <Button disabled={isBusy} onClick={() => void decideTrial(name, 'keep')}>
        {t('version.keep', { version: report.from })}
      </Button>
    </div>
  );
}

function Leave() {
  const { t } = useTranslation();
  return (
    <div className="pane-actions">
      <Button onClick={showModels}>{t('trial.back')}</Button>
    </div>
  );
}
