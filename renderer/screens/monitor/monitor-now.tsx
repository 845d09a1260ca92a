import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { MonitorSeries } from '../../../contract/serving/monitor.ts';
import { Bytes, useNumbers } from '../../parts/numbers.tsx';
import { useCell } from '../../state/cell.ts';
import { monitorPart } from '../../state/navigation.ts';
import { useTimeFormat } from './use-time-format.ts';

/** Workers, memory and queue this moment, and the sums of the time that is shown. */
export function MonitorNow({ series }: { readonly series: MonitorSeries }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { now, total, range } = series;
  const since = useTimeFormat('1h').point(Date.parse(now.since) / 1000);
  const restarts =
    now.restarts === 0
      ? t('monitor.noRestart', { since })
      : t('monitor.restarts', { count: now.restarts, n: numbers.count(now.restarts), since });
  const heading = useRef<HTMLHeadingElement>(null);
  const part = useCell(monitorPart);
  useEffect(() => {
    if (part !== 'now') return;
    heading.current?.scrollIntoView({ block: 'nearest' });
    heading.current?.focus();
    monitorPart.set(null);
  }, [part]);
  const workers = t('monitor.workers', { count: now.workers, n: numbers.count(now.workers) });
  return (
    <section aria-label={t('monitor.now')}>
      <h2 className="monitor-heading" ref={heading} tabIndex={-1}>
        {t('monitor.now')}
      </h2>
      <ul className="monitor-list">
        <li>
          <span>
            {workers}, {restarts}
          </span>
          <span className="end">
            <Bytes value={now.memoryBytes} />
          </span>
        </li>
        <li>
          <span>{t('monitor.queueNow')}</span>
          <span className="end number">
            {numbers.count(now.queued)}, {numbers.number(now.oldestWaitMs / 1000, 2)}
            <span className="unit">s</span>
          </span>
        </li>
        <li>
          <span>{t(`monitor.answered.${range}`)}</span>
          <span className="end number">
            {numbers.count(total.answered)}
            {total.faults > 0 ? (
              <>
                {' · '}
                <span className="tone-danger">
                  {t('monitor.faults', { count: total.faults, n: numbers.count(total.faults) })}
                </span>
              </>
            ) : null}
          </span>
        </li>
      </ul>
    </section>
  );
}
