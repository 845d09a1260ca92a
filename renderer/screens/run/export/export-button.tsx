import { IconFileExport } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { openExport } from '../../../actions/export-run.ts';
import { Button } from '../../../parts/button.tsx';

/** Opens the dialog that writes the run to a file. */
export function ExportButton({ run }: { readonly run: string }) {
  const { t } = useTranslation();
  return (
    <Button
      icon={<IconFileExport size={18} stroke={1.5} aria-hidden="true" />}
      onClick={() => openExport(run)}
    >
      {t('exports.open')}
    </Button>
  );
}
