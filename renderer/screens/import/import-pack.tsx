import { useTranslation } from 'react-i18next';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { ImportPreview } from '../../../contract/lifecycle/update.ts';
import { copyText } from '../../actions/ask-main.ts';
import { installPendingImport, leaveForSetting } from '../../actions/import-model.ts';
import { Button } from '../../parts/button.tsx';
import { FaultCard } from '../../parts/fault-card.tsx';
import { Facts } from '../../parts/facts.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { VersionStep } from './version-step.tsx';
import { pendingImport } from '../../state/pending-import.ts';
import type { PendingImport } from '../../state/pending-import.ts';

type PackPreview = Extract<ImportPreview, { kind: 'pack' }>;

/** A pack that no feed vouches for. */
export function ImportPack({ preview, now }: { readonly preview: PackPreview; readonly now: PendingImport }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const facts = [
    { name: t('offer.publisher'), value: t('import.nobody') },
    { name: t('offer.about'), value: preview.summary },
    { name: t('offer.licence'), value: preview.licence },
    { name: t('offer.size'), value: numbers.bytes(preview.size) },
  ];
  return (
    <>
      <VersionStep title={preview.title} from={preview.installed ?? t('import.none')} to={preview.version} />
      <Facts facts={facts} />
      {preview.fault ? (
        <ImportFault fault={preview.fault} title={preview.title} />
      ) : (
        <>
          <p className="muted">{t(preview.installed === null ? 'import.thenNew' : 'import.thenTrial')}</p>
          <div className="modal-actions">
            <Button disabled={now.installing !== null} onClick={() => pendingImport.set(null)}>
              {t('common.cancel')}
            </Button>
            <Button
              data-autofocus
              tone="primary"
              disabled={now.installing !== null}
              onClick={() => void installPendingImport(null, false)}
            >
              {t(now.installing === null ? 'import.install' : 'import.installing')}
            </Button>
          </div>
        </>
      )}
    </>
  );
}

function ImportFault({ fault, title }: { readonly fault: Fault; readonly title: string }) {
  const { t } = useTranslation();
  return (
    <FaultCard
      title={t('import.cannot', { title })}
      fault={fault}
      onCopy={(text) => void copyText(text)}
      actions={
        fault.code === 'pack-unsigned' || fault.code === 'feed-untrusted' ? (
          <Button
            tone="quiet"
            size="small"
            onClick={() => leaveForSetting(fault.code === 'pack-unsigned' ? 'unsigned' : 'publishers')}
          >
            {t(fault.code === 'pack-unsigned' ? 'import.openUnsigned' : 'import.openTrust')}
          </Button>
        ) : null
      }
    />
  );
}
