import { Modal } from '@mantine/core';
import { IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { NewToken } from '../../contract/access.ts';
import { copyText } from '../actions/ask-main.ts';
import { Button } from '../parts/button.tsx';
import { tokenDialog } from '../state/access.ts';
import { useCell } from '../state/cell.ts';
import { ApiTokenWish } from './api-token-wish.tsx';

const close = (): void => tokenDialog.set(null);

/** Makes a token: who it is for and what it may ask, then its text, once. */
export function ApiTokenDialog() {
  const { t } = useTranslation();
  const dialog = useCell(tokenDialog);
  return (
    <Modal
      opened={dialog !== null}
      onClose={close}
      size={560}
      // A stray click must not take away a text that is told once.
      closeOnClickOutside={dialog?.kind !== 'made'}
      title={
        dialog?.kind === 'made' ? t('api.made', { name: dialog.made.token.name }) : t('api.newTokenTitle')
      }
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {dialog?.kind === 'wish' ? <ApiTokenWish onClose={close} /> : null}
      {dialog?.kind === 'made' ? <Made made={dialog.made} /> : null}
    </Modal>
  );
}

function Made({ made: { text } }: { readonly made: NewToken }) {
  const { t } = useTranslation();
  return (
    <>
      <p>{t('api.madeWords')}</p>
      <output className="api-secret mono" aria-label={t('api.token')}>
        {text}
      </output>
      <div className="modal-actions">
        <Button onClick={close}>{t('api.done')}</Button>
        <Button
          tone="primary"
          data-autofocus
          icon={<IconCopy size={18} stroke={1.5} aria-hidden="true" />}
          onClick={() => void copyText(text, t('common.copied'))}
        >
          {t('api.copyToken')}
        </Button>
      </div>
    </>
  );
}
