import { IconCopy, IconFolder, IconPhoto } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PredictionRecord } from '../../../../contract/prediction.ts';
import { chooseFiles } from '../../../actions/pick-files.ts';
import { Button } from '../../../parts/button.tsx';
import { useCopyLabels } from '../use-copy-labels.ts';

export function AnswerActions({ record }: { readonly record: PredictionRecord | null }) {
  const { t } = useTranslation();
  const copyLabels = useCopyLabels();
  return (
    <div className="pane-actions">
      <Button
        tone="primary"
        icon={<IconPhoto size={18} stroke={1.5} aria-hidden="true" />}
        onClick={() => void chooseFiles('photos')}
      >
        {t('try.choosePhotos')}
      </Button>
      <Button
        icon={<IconFolder size={18} stroke={1.5} aria-hidden="true" />}
        onClick={() => void chooseFiles('folder')}
      >
        {t('try.runFolder')}
      </Button>
      <Button
        tone="quiet"
        className="end"
        disabled={!record}
        aria-label={t('labels.copy')}
        title={t('labels.copy')}
        icon={<IconCopy size={18} stroke={1.5} />}
        onClick={() => record && copyLabels(record)}
      />
    </div>
  );
}
