import { useTranslation } from 'react-i18next';
import { useFaultText } from '../../parts/fault-text.ts';
import { useCell } from '../../state/cell.ts';
import { useTimelines } from '../../state/lifecycle.ts';
import { shown } from '../../state/monitor.ts';
import { switchesOf } from './monitor-switches.ts';
import type { Switch } from './monitor-switches.ts';
import { useTimeFormat } from './use-time-format.ts';

const most = 5;

/** Versions that took over: what may explain a step in a line. */
export function MonitorChanges() {
  const { t } = useTranslation();
  const { model } = useCell(shown);
  const switches = switchesOf(useTimelines().data ?? [], model).slice(0, most);
  return (
    <section aria-label={t('monitor.changed')}>
      <h2 className="monitor-heading">{t('monitor.changed')}</h2>
      <ul className="monitor-list">
        {switches.map((one) => (
          <ChangeRow key={`${one.model} ${one.version} ${one.at}`} change={one} />
        ))}
        {switches.length === 0 ? <li className="muted">{t('monitor.noChange')}</li> : null}
      </ul>
    </section>
  );
}

function ChangeRow({ change }: { readonly change: Switch }) {
  const { t } = useTranslation();
  const when = useWhen();
  const faultText = useFaultText();
  const { title, version, from, at, why } = change;
  const text =
    from === null ? t('monitor.began', { title, version }) : t('monitor.tookOver', { title, version, from });
  return (
    <li>
      <time className="muted monitor-when" dateTime={at}>
        {when(at)}
      </time>
      <span>
        {text}
        {why === null ? null : ` ${faultText.line(why)}`}
      </span>
    </li>
  );
}

/** The day, or the time of a change today. */
function useWhen(): (iso: string) => string {
  const { t, i18n } = useTranslation();
  const timeFormat = useTimeFormat('1h');
  return (iso) =>
    new Date(iso).toDateString() === new Date().toDateString()
      ? t('monitor.today', { time: timeFormat.point(Date.parse(iso) / 1000) })
      : new Intl.DateTimeFormat(i18n.language, { day: 'numeric', month: 'short' }).format(new Date(iso));
}
