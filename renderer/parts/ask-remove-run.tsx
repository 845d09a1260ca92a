import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';

type AskRemoveRunProps = { readonly onRemove: () => void; readonly onKeep: () => void };

/** The question before a run goes from the list, in the place of what can be done with it. */
export function AskRemoveRun({ onRemove, onKeep }: AskRemoveRunProps) {
  const { t } = useTranslation();
  return (
    <span className="row end">
      <span className="small">{t('runs.askRemove')}</span>
      <Button size="small" tone="danger" autoFocus onClick={onRemove}>
        {t('runs.remove')}
      </Button>
      <Button size="small" tone="quiet" onClick={onKeep}>
        {t('runs.keep')}
      </Button>
    </span>
  );
}
