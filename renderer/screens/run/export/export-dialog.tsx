import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../../actions/ask-main.ts';
import { leaveExport, writeExport } from '../../../actions/export-run.ts';
import { revealFile } from '../../../actions/file-menu.ts';
import { Button } from '../../../parts/button.tsx';
import { FaultCard } from '../../../parts/fault-card.tsx';
import { useNumbers } from '../../../parts/numbers.tsx';
import { useCell } from '../../../state/cell.ts';
import { exporting, useExportProgress } from '../../../state/exporting.ts';
import type { Exporting } from '../../../state/exporting.ts';
import { ExportForm } from './export-form.tsx';
import './export.css';

/** A run as a file: which form, what will be in it, and where it is. */
export function ExportDialog() {
  const { t } = useTranslation();
  const now = useCell(exporting);
  return (
    <Modal
      opened={now !== null}
      onClose={() => void leaveExport()}
      size={720}
      title={t('exports.title')}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {now ? <Step now={now} /> : null}
    </Modal>
  );
}

function Step({ now }: { readonly now: Exporting }) {
  const { t } = useTranslation();
  const { step } = now;
  switch (step.kind) {
    case 'choosing':
      return <ExportForm now={now} onWrite={() => void writeExport()} />;
    case 'writing':
      return <Writing request={step.request} />;
    case 'written':
      return <Written step={step} />;
    case 'failed':
      return (
        <div className="export-failed">
          <FaultCard title={t('exports.failed')} fault={step.fault} onCopy={(text) => void copyText(text)} />
          <ExportForm now={now} onWrite={() => void writeExport()} />
        </div>
      );
  }
}

function Writing({ request }: { readonly request: string }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const progress = useExportProgress(request).data ?? null;
  const items = progress?.items ?? null;
  return (
    <>
      <p role="status">
        {progress === null
          ? t('exports.placing')
          : items === null
            ? t('exports.counting')
            : t('exports.writing', { done: numbers.count(progress.done), items: numbers.count(items) })}
      </p>
      {progress === null ? null : items === null ? (
        <progress className="export-progress" />
      ) : (
        <progress className="export-progress" max={Math.max(1, items)} value={progress.done} />
      )}
      <div className="modal-actions">
        <Button data-autofocus onClick={() => void leaveExport()}>
          {t('common.cancel')}
        </Button>
      </div>
    </>
  );
}

function Written({ step }: { readonly step: Extract<Exporting['step'], { kind: 'written' }> }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { items, faults, leftOut } = step.report;
  const count = items - leftOut;
  return (
    <>
      <p role="status">
        {t('exports.written', { name: step.name, count, n: numbers.count(count) })}{' '}
        {leftOut > 0
          ? t('exports.leftOut', { count: leftOut, n: numbers.count(leftOut) })
          : faults > 0
            ? t('exports.withFaults', { count: faults, n: numbers.count(faults) })
            : null}
      </p>
      <div className="modal-actions">
        <Button onClick={() => void revealFile(step.ref)}>{t('exports.reveal')}</Button>
        <Button tone="primary" data-autofocus autoFocus onClick={() => void leaveExport()}>
          {t('exports.done')}
        </Button>
      </div>
    </>
  );
}
