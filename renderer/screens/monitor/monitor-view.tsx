import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { MonitorSeries } from '../../../contract/serving/monitor.ts';
import { goTo } from '../../actions/move.ts';
import { Button } from '../../parts/button.tsx';
import { useFaultText } from '../../parts/fault-text.ts';
import { useCell } from '../../state/cell.ts';
import { faultOf } from '../../state/client.ts';
import { shown, useMonitor } from '../../state/monitor.ts';
import { MonitorChanges } from './monitor-changes.tsx';
import { MonitorCharts } from './monitor-charts.tsx';
import { MonitorNow } from './monitor-now.tsx';
import { firstRange } from './monitor-pace.ts';

/** How fast Outpost answers, for whom, and what it costs this computer. */
export function MonitorView() {
  const { data, error } = useMonitor();
  const fault = faultOf(error);
  useFirstRange(data);
  const faultText = useFaultText();
  return (
    <div className="monitor">
      {fault ? <p role="alert">{faultText.line(fault)}</p> : null}
      {data ? (
        <>
          {data.points.length === 0 ? <Nothing /> : <MonitorCharts series={data} />}
          <div className="monitor-columns">
            <MonitorChanges />
            <MonitorNow series={data} />
          </div>
        </>
      ) : null}
    </div>
  );
}

/** Until a person chooses, the range is one in which something was answered. */
function useFirstRange(series: MonitorSeries | undefined): void {
  const { range, isChosen, model, client } = useCell(shown);
  useEffect(() => {
    if (!series || isChosen || model !== null || client !== null || series.range !== range) return;
    const first = firstRange(series, Date.now() / 1000);
    // Where nothing was ever answered, a day is as good as any.
    const next = first ?? (series.points.length === 0 ? '24h' : range);
    shown.set((now) => ({ ...now, range: next, isChosen: first === null }));
  }, [series, range, isChosen, model, client]);
}

function Nothing() {
  const { t } = useTranslation();
  const { range, model, client } = useCell(shown);
  const isNarrowed = model !== null || client !== null;
  return (
    <section className="monitor-nothing" aria-label={t('monitor.nothing')}>
      <h2 className="title">{t(`monitor.nothing.${range}`)}</h2>
      <p className="muted">{t(isNarrowed ? 'monitor.nothingChosen' : 'monitor.nothingHint')}</p>
      {isNarrowed ? (
        <Button tone="primary" onClick={() => shown.set((now) => ({ ...now, model: null, client: null }))}>
          {t('monitor.showAll')}
        </Button>
      ) : (
        <Button tone="primary" onClick={() => goTo('try')}>
          {t('monitor.tryPhoto')}
        </Button>
      )}
    </section>
  );
}
