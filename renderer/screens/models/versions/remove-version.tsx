import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { removeVersion } from '../../../actions/lifecycle.ts';
import { ConfirmActions } from '../../../parts/confirm-actions.tsx';
import { useNumbers } from '../../../parts/numbers.tsx';
import type { VersionProps } from './version-props.ts';

type RemoveVersionProps = VersionProps & { readonly isOpen: boolean; readonly onClose: () => void };

/** Says what goes before it goes. */
export function RemoveVersion({ timeline, entry, isOpen, onClose }: RemoveVersionProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { version } = entry;
  const remove = (): void => {
    onClose();
    void removeVersion({ model: timeline.model, version });
  };
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('remove.title', { title: timeline.title, version })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <p>
        {t('remove.words', { size: numbers.bytes(entry.size ?? 0), version: timeline.pointer.active })}{' '}
        {entry.offer || entry.origin.kind !== 'file' ? '' : t('remove.fromFile', { name: entry.origin.name })}
      </p>
      <ConfirmActions tone="danger" onCancel={onClose} onConfirm={remove}>
        {t('remove.now')}
      </ConfirmActions>
    </Modal>
  );
}
