import { useTranslation } from 'react-i18next';
import type { Timeline } from '../../../contract/lifecycle/timeline.ts';
import type { TrialReport } from '../../../contract/lifecycle/trial.ts';
import { decideTrial } from '../../actions/decide-trial.ts';
import { showModels } from '../../actions/move.ts';
import { Button } from '../../parts/button.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { useCell } from '../../state/cell.ts';
import { underWay } from '../../state/lifecycle.ts';
import { partsOf } from '../../state/trial-look.ts';
import type { TrialPart } from '../../state/trial-look.ts';
import { TrialItems } from './trial-items.tsx';
import { TrialSides } from './trial-sides.tsx';

type TrialPaneProps = {
  readonly report: TrialReport;
  /** Null when nothing is to be decided. */
  readonly timeline: Timeline | null;
};

export function TrialPane({ report, timeline }: TrialPaneProps) {
  const { t } = useTranslation();
  return (
    <aside className="pane">
      <div className="pane-scroll">
        <section className="section">
          <h2 className="heading trial-heading">{t(timeline ? 'trial.here' : 'trial.changed')}</h2>
          {partsOf(report).map((part) => (
            <Shares key={part.kind} part={part} report={report} />
          ))}
          {timeline ? <p className="small muted trial-untold">{t('trial.notSwitched')}</p> : null}
        </section>
        <TrialSides report={report} />
        <TrialItems report={report} />
      </div>
      {timeline ? <Decide report={report} timeline={timeline} /> : <Leave />}
    </aside>
  );
}

function Shares({ part, report }: { readonly part: TrialPart; readonly report: TrialReport }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return (
    <div className="trial-shares">
      <h3 className="row small">
        {t(`trial.part.${part.kind}`)} <span className="end muted">{numbers.count(part.items)}</span>
      </h3>
      <div className="shares" aria-hidden="true">
        {part.verdicts.map((verdict) =>
          report.sums[verdict] > 0 ? (
            <span key={verdict} className={verdict} style={{ flexGrow: report.sums[verdict] / part.items }} />
          ) : null,
        )}
      </div>
      <ul className="share-list">
        {part.verdicts.map((verdict) => (
          <li key={verdict} className="row">
            <span className={`share-key ${verdict}`} aria-hidden="true" />
            {t(`trial.${verdict}`)}
            <span className="end number">{numbers.count(report.sums[verdict])}</span>
          </li>
        ))}
      </ul>
    </div>
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
