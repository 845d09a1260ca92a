import { useTranslation } from 'react-i18next';
import type { LifecycleEvent } from '../../../../contract/lifecycle/lifecycle.ts';
import { useFaultText } from '../../../parts/fault-text.ts';
import { useNumbers } from '../../../parts/numbers.tsx';

/** Every step that was kept, folded away until it is asked for. */
export function VersionHistory({ events }: { readonly events: readonly LifecycleEvent[] }) {
  const { t, i18n } = useTranslation();
  const numbers = useNumbers();
  const faultText = useFaultText();
  if (events.length === 0) return null;
  const word = (kind: string): string => (i18n.exists(`step.${kind}`) ? t(`step.${kind}`) : kind);
  return (
    <details className="history">
      <summary>
        {t('history.title')} <span className="muted">{numbers.count(events.length)}</span>
      </summary>
      <ol tabIndex={0} aria-label={t('history.title')}>
        {events.map((event) => (
          <li key={`${event.at} ${event.version} ${event.to}`}>
            <time dateTime={event.at} className="muted number">
              {numbers.day(event.at)}
            </time>
            <span>{event.version}</span>
            <span>
              {word(event.to)}
              {event.fault ? <span className="muted"> {faultText.line(event.fault)}</span> : null}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
