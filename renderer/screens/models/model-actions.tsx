import { IconPhotoScan, IconShieldCheck, IconTool, IconUsb } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ModelSummary } from '../../../contract/packs/model.ts';
import { repairVersion } from '../../actions/lifecycle.ts';
import { repairFromStick } from '../../actions/repair.ts';
import { sendToStick } from '../../actions/send-to-stick.ts';
import { Button } from '../../parts/button.tsx';
import { useCell } from '../../state/cell.ts';
import { underWay } from '../../state/lifecycle.ts';

const at18 = { size: 18, stroke: 1.5, 'aria-hidden': true } as const;
type ModelActionsProps = {
  readonly summary: ModelSummary;
  /** Null when this model cannot answer in Try. */
  readonly use: { readonly isInUse: boolean; readonly start: () => void } | null;
  readonly verify: { readonly isReading: boolean; readonly isBroken: boolean; readonly start: () => void };
};

/** What can be done with the version that answers. */
export function ModelActions({ summary, use, verify }: ModelActionsProps) {
  const { t } = useTranslation();
  const name = { model: summary.id, version: summary.version };
  const isBusy = useCell(underWay).has(summary.ref);
  return (
    <div className="row end model-actions">
      {use ? (
        <Button icon={<IconPhotoScan {...at18} />} onClick={use.start}>
          {t(use.isInUse ? 'models.tryIt' : 'models.use')}
        </Button>
      ) : null}
      <Button disabled={verify.isReading} icon={<IconShieldCheck {...at18} />} onClick={verify.start}>
        {t('files.verify')}
      </Button>
      {verify.isBroken ? (
        <>
          <Button disabled={isBusy} icon={<IconTool {...at18} />} onClick={() => void repairVersion(name)}>
            {t('files.repair')}
          </Button>
          <Button disabled={isBusy} onClick={() => void repairFromStick(name)}>
            {t('files.repairFrom')}
          </Button>
        </>
      ) : (
        <Button icon={<IconUsb {...at18} />} onClick={() => void sendToStick(name)}>
          {t('version.export')}
        </Button>
      )}
    </div>
  );
}
