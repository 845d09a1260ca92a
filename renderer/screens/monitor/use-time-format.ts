import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { MonitorRange } from '../../../contract/serving/monitor.ts';

type TimeFormat = {
  /** Under the axis: a time of day, or the day where a step of the axis is one. */
  readonly axis: (seconds: number, isDay: boolean) => string;
  /** Of one point. */
  readonly point: (seconds: number) => string;
};

/** Formats times with as much of the date as the range needs. */
export function useTimeFormat(range: MonitorRange): TimeFormat {
  const at = useTranslation().i18n.language;
  return useMemo(() => {
    const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
    const time = new Intl.DateTimeFormat(at, clock);
    const day = new Intl.DateTimeFormat(at, { day: 'numeric', month: 'short' });
    const both = new Intl.DateTimeFormat(at, { weekday: 'short', day: 'numeric', month: 'short', ...clock });
    // A step of a day is one of UTC, whatever the day is here.
    const utcDay = new Intl.DateTimeFormat(at, {
      weekday: 'short',
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
    });
    const pointed = range === '13w' ? utcDay : range === '7d' ? both : time;
    return {
      axis: (seconds, isDay) => (isDay ? day : time).format(seconds * 1000),
      point: (seconds) => pointed.format(seconds * 1000),
    };
  }, [at, range]);
}
