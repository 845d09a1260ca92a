import { IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../actions/ask-main.ts';
import { Button } from '../../parts/button.tsx';
import { FaultCard } from '../../parts/fault-card.tsx';
import { useCell } from '../../state/cell.ts';
import { lifecycleFault } from '../../state/lifecycle.ts';

/** The fault of the last action on a version. */
export function LifecycleFaultCard({ model }: { readonly model: string }) {
  const { t } = useTranslation();
  const now = useCell(lifecycleFault);
  if (now?.model !== model) return null;
  const { fault } = now;
  return (
    <div className="model-fault">
      <FaultCard
        title={t('version.notDone')}
        fault={fault}
        onCopy={(text) => void copyText(text)}
        actions={
          <Button
            tone="quiet"
            size="small"
            icon={<IconX size={16} stroke={1.5} aria-hidden="true" />}
            onClick={() => lifecycleFault.set(null)}
          >
            {t('common.close')}
          </Button>
        }
      />
    </div>
  );
}
