import { useEffect, useRef } from 'react';
import { Modal } from '@mantine/core';
import { IconCopy, IconTerminal2 } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { copyToken, leaveTokenDialog, tokenIsCopied } from '../../actions/access.ts';
import { Button } from '../../parts/button.tsx';
import { tokenDialog } from '../../state/access.ts';
import type { TokenDialog } from '../../state/access.ts';
import { useCell } from '../../state/cell.ts';
import { useInfo } from '../../state/queries.ts';
import { ApiTokenForm } from './api-token-form.tsx';

/** Makes a token: who it is for and what it may ask, then its text, once. */
export function ApiTokenDialog() {
  const { t } = useTranslation();
  const dialog = useCell(tokenDialog);
  return (
    <Modal
      opened={dialog !== null}
      onClose={leaveTokenDialog}
      size={560}
      title={
        dialog?.kind === 'made' ? t('api.made', { name: dialog.made.token.name }) : t('api.newTokenTitle')
      }
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {dialog?.kind === 'form' ? <ApiTokenForm prefilled={dialog} onClose={leaveTokenDialog} /> : null}
      {dialog?.kind === 'made' ? <Made dialog={dialog} /> : null}
    </Modal>
  );
}

type MadeProps = { readonly dialog: Extract<TokenDialog, { kind: 'made' }> };

function Made({
  dialog: {
    made: { text },
    isCopied,
    warnings,
  },
}: MadeProps) {
  const { t } = useTranslation();
  const copy = useRef<HTMLButtonElement>(null);
  const done = useRef<HTMLButtonElement>(null);
  const isWindows = useInfo().data?.platform.startsWith('Windows') ?? false;
  const line = isWindows ? `$env:OUTPOST_TOKEN = '${text}'` : `export OUTPOST_TOKEN=${text}`;
  // The dialog sets the focus only when it opens, so set it here.
  useEffect(() => (isCopied ? done : copy).current?.focus(), [isCopied, warnings]);
  return (
    <>
      <p>{t('api.madeWords')}</p>
      <output className="api-secret mono" aria-label={t('api.token')} onCopy={tokenIsCopied}>
        {text}
      </output>
      <p className="api-token-warning tone-warn" role="alert">
        {warnings > 0 ? t('api.notCopied') : null}
      </p>
      <div className="modal-actions">
        {warnings > 0 ? (
          <Button tone="danger" onClick={() => tokenDialog.set(null)}>
            {t('api.closeUncopied')}
          </Button>
        ) : null}
        <Button
          icon={<IconTerminal2 size={18} stroke={1.5} aria-hidden="true" />}
          title={t('api.copyLineHint')}
          onClick={() => void copyToken(line)}
        >
          {t('api.copyLine')}
        </Button>
        <Button
          ref={copy}
          tone={isCopied ? undefined : 'primary'}
          icon={<IconCopy size={18} stroke={1.5} aria-hidden="true" />}
          onClick={() => void copyToken(text)}
        >
          {t('api.copyToken')}
        </Button>
        {isCopied ? (
          <Button ref={done} tone="primary" onClick={leaveTokenDialog}>
            {t('api.done')}
          </Button>
        ) : null}
      </div>
    </>
  );
}
