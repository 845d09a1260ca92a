import { IconCircleCheck, IconClipboardCheck, IconFileDownload, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DepartureReport } from '../../../contract/lifecycle/departure.ts';
import { copyText } from '../../actions/ask-main.ts';
import { saveDepartureReport } from '../../actions/save-departure-report.ts';
import { showModels } from '../../actions/move.ts';
import { Button } from '../../parts/button.tsx';
import { FaultCard } from '../../parts/fault-card.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { faultOf } from '../../state/client.ts';
import { useDeparture } from '../../state/departure.ts';
import { DepartureLine } from './departure-line.tsx';
import { useReportTexts } from './departure-texts.ts';
import { useViewKeys } from '../../hooks/use-view-keys.ts';

const at18 = { size: 18, stroke: 1.5, 'aria-hidden': true } as const;

/** The departure check: all green, or what to do. */
export function DepartureView() {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const reportTexts = useReportTexts();
  const asked = useDeparture();
  const report = asked.data;
  const fault = faultOf(asked.error);
  useViewKeys({ step: () => undefined, back: showModels });
  return (
    <div className="departure">
      <div className="departure-page">
        <div aria-live="polite">
          {report ? <Headline report={report} /> : <Checking isFailed={fault !== null} />}
        </div>
        {fault ? (
          <FaultCard title={t('depart.failed')} fault={fault} onCopy={(text) => void copyText(text)} />
        ) : null}
        {report ? (
          <>
            <ul className="departure-lines">
              {report.rows.map((row) => (
                <DepartureLine key={row.check} row={row} />
              ))}
            </ul>
            <p className="small muted">
              {t('depart.checked', {
                computer: report.computer,
                version: report.appVersion,
                at: numbers.day(report.at),
                seconds: numbers.ms(Math.max(0.1, report.durationMs / 1000)),
              })}
            </p>
          </>
        ) : null}
        <div className="row departure-actions">
          <Button
            disabled={!report}
            icon={<IconFileDownload {...at18} />}
            onClick={() => void (report && saveDepartureReport(reportTexts(report)))}
          >
            {t('depart.save')}
          </Button>
          <Button
            disabled={asked.isFetching}
            icon={<IconRefresh {...at18} />}
            onClick={() => void asked.refetch()}
          >
            {t(asked.isFetching ? 'depart.checking' : 'depart.again')}
          </Button>
          <Button tone="quiet" onClick={showModels}>
            {t('trial.back')}
          </Button>
        </div>
      </div>
    </div>
  );
}

function Headline({ report }: { readonly report: DepartureReport }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const todo = report.rows.filter((row) => row.state === 'stop').length;
  const looks = report.rows.filter((row) => row.state === 'look').length;
  return (
    <>
      <h2 className={`figure departure-head ${report.isReady ? 'tone-ok' : 'tone-danger'}`}>
        {report.isReady ? <IconCircleCheck size={32} stroke={1.5} aria-hidden="true" /> : null}
        {report.isReady ? t('depart.ready') : t('depart.todo', { count: todo, n: numbers.count(todo) })}
      </h2>
      <p className="muted reading">
        {looks > 0 ? t('depart.looks', { count: looks, n: numbers.count(looks) }) : t('depart.offline')}
      </p>
    </>
  );
}

function Checking({ isFailed }: { readonly isFailed: boolean }) {
  const { t } = useTranslation();
  return (
    <>
      <h2 className="figure departure-head">
        <IconClipboardCheck size={32} stroke={1.5} aria-hidden="true" />
        {t('depart.title')}
      </h2>
      <p className="muted reading">{isFailed ? ' ' : t('depart.underWay')}</p>
    </>
  );
}
