import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../actions/ask-main.ts';
import { FaultCard } from '../../parts/fault-card.tsx';
import { useCell } from '../../state/cell.ts';
import { pendingImport, waitingImport } from '../../state/pending-import.ts';
import type { PendingImport } from '../../state/pending-import.ts';
import { ImportFeed } from './import-feed.tsx';
import { ImportPack } from './import-pack.tsx';

/** What a file would change, shown before anything is changed. */
export function ImportDialog() {
  const { t } = useTranslation();
  const now = useCell(pendingImport);
  return (
    <Modal
      opened={now !== null}
      onClose={() => {
        if (now?.installing === null) pendingImport.set(null);
      }}
      // After leaving for a setting, the focus stays there.
      returnFocus={useCell(waitingImport) === null}
      size="lg"
      title={now ? t(`import.title.${now.preview.kind}`) : ''}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {now ? <Body now={now} /> : null}
    </Modal>
  );
}

function Body({ now }: { readonly now: PendingImport }) {
  const { t } = useTranslation();
  const { preview, fault } = now;
  return (
    <div className="import">
      <p className="mono muted import-name">{preview.name}</p>
      {fault ? (
        <FaultCard title={t('import.notInstalled')} fault={fault} onCopy={(text) => void copyText(text)} />
      ) : null}
      {preview.kind === 'pack' ? <ImportPack preview={preview} now={now} /> : null}
      {preview.kind === 'feed' ? <ImportFeed preview={preview} now={now} /> : null}
    </div>
  );
}
