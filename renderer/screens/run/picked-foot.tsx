import { IconFileExport, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { openExport } from '../../actions/export-run.ts';
import { Button } from '../../parts/button.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import type { ShownRun } from '../../state/run-look.ts';

type PickedFootProps = { readonly now: ShownRun; readonly onClear: () => void };

/** How many photos are picked, and what can be done with them; in the place of the list's foot. */
export function PickedFoot({ now: { run, picked }, onClear }: PickedFootProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;
  return (
    <div className="picked-foot">
      <strong>{t('run.picked', { count: picked.size, n: numbers.count(picked.size) })}</strong>
      <Button size="small" icon={<IconFileExport {...icon} />} onClick={() => openExport(run, [...picked])}>
        {t('run.exportPicked')}
      </Button>
      <Button size="small" tone="quiet" icon={<IconX {...icon} />} onClick={onClear}>
        {t('run.pickNone')}
      </Button>
    </div>
  );
}
