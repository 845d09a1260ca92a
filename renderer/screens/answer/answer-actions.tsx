import { IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import { chooseFiles } from '../../actions/pick-files.ts';
import { Button } from '../../parts/button.tsx';
import { ChooseButton } from '../../parts/choose-button.tsx';
import { useCopyLabels } from './use-copy-labels.ts';

type ActionsProps = {
  readonly record: PredictionRecord | null;
  /** Try: other photos may follow. */
  readonly hasNext: boolean;
};

/** What can be done with the answer, and what can be tried next. */
export function AnswerActions({ record, hasNext }: ActionsProps) {
  const { t } = useTranslation();
  const copyLabels = useCopyLabels();
  return (
    <div className="pane-actions">
      {hasNext ? (
        <>
          <ChooseButton kind="photos" tone="primary" onClick={() => void chooseFiles('photos')} />
          <ChooseButton kind="folder" onClick={() => void chooseFiles('folder')}>
            {t('try.runFolder')}
          </ChooseButton>
        </>
      ) : null}
      <Button
        tone="quiet"
        className="end"
        disabled={!record}
        aria-label={t('labels.copy')}
        title={t('labels.copy')}
        icon={<IconCopy size={18} stroke={1.5} aria-hidden="true" />}
        onClick={() => record && copyLabels(record)}
      >
        {hasNext ? undefined : t('labels.copy')}
      </Button>
    </div>
  );
}
