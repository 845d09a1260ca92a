import { IconFileExport } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { openExport } from '../../../actions/export-run.ts';
import { Button } from '../../../parts/button.tsx';
import type { ShownRun } from '../../../state/run-look.ts';

/** Opens the dialog that writes the run, or what is picked of it, to a file. */
export function ExportButton({ now: { run, picked } }: { readonly now: ShownRun }) {
  const { t } = useTranslation();
  return (
    <Button
      icon={<IconFileExport size={18} stroke={1.5} aria-hidden="true" />}
      onClick={() => openExport(run, picked)}
    >
      {t('exports.open')}
    </Button>
  );
}
