import { IconArrowBackUp } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { backToImport } from '../../actions/import-model.ts';
import { Button } from '../../parts/button.tsx';
import { useCell } from '../../state/cell.ts';
import { waitingImport } from '../../state/pending-import.ts';
import { settingMark } from '../../state/navigation.ts';

type BackToImportProps = {
  /** The row that it stands in; elsewhere there is nothing to go back from. */
  readonly row: string;
  /** The setting is now as the file needs it. */
  readonly isDone: boolean;
};

/** One press back to the file that could not be installed without this setting. */
export function BackToImport({ row, isDone }: BackToImportProps) {
  const { t } = useTranslation();
  const waiting = useCell(waitingImport);
  const mark = useCell(settingMark);
  if (!waiting || mark !== row) return null;
  return (
    <Button
      tone={isDone ? 'primary' : undefined}
      className="back-to-import"
      title={waiting.name}
      icon={<IconArrowBackUp size={18} stroke={1.5} aria-hidden="true" />}
      onClick={() => void backToImport()}
    >
      <span className="cut">{t('import.backTo', { name: waiting.name })}</span>
    </Button>
  );
}
