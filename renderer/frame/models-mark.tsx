import { useTranslation } from 'react-i18next';
import { useNumbers } from '../parts/numbers.tsx';
import { offered, onTrial, useTimelines } from '../state/lifecycle.ts';

/** A discreet mark on Models: a version is on trial, or updates are available. */
export function ModelsMark() {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const timelines = useTimelines().data ?? [];
  if (timelines.some((one) => onTrial(one) !== null))
    return (
      <span className="nav-mark">
        <span className="now-dot" />
        <span className="word">{t('models.onTrial')}</span>
      </span>
    );
  const updates = timelines.filter((one) => offered(one) !== null).length;
  if (updates === 0) return null;
  return (
    <span className="nav-mark" title={t('nav.updates', { count: updates, n: numbers.count(updates) })}>
      <span className="word">{t('nav.updates', { count: updates, n: numbers.count(updates) })}</span>
      <span className="nav-dot" />
    </span>
  );
}
