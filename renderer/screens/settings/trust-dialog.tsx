import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { trustRoot } from '../../actions/updates.ts';
import type { ChosenRoot } from '../../actions/updates.ts';
import { ConfirmActions } from '../../parts/confirm-actions.tsx';
import { Facts } from '../../parts/facts.tsx';
import { Fingerprint } from './fingerprint.tsx';
import { useNumbers } from '../../parts/numbers.tsx';

/** Whose root this is, before it is trusted. */
export function TrustDialog({
  root,
  onClose,
}: {
  readonly root: ChosenRoot | null;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const trust = (): void => {
    onClose();
    if (root) void trustRoot(root);
  };
  return (
    <Modal
      opened={root !== null}
      onClose={onClose}
      size="lg"
      title={t('trust.title', { name: root?.publisher ?? '' })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {root ? (
        <>
          <p>{t('trust.words')}</p>
          <div className="trust-print">
            <Fingerprint of={root.fingerprint} />
          </div>
          <Facts
            facts={[
              { name: t('offer.publisher'), value: root.publisher },
              {
                name: t('trust.keys'),
                value: t('trust.threshold', {
                  threshold: numbers.count(root.threshold),
                  keys: numbers.count(root.keys),
                }),
              },
              { name: t('trust.expires'), value: numbers.date(root.expires) },
            ]}
          />
        </>
      ) : null}
      <ConfirmActions tone="primary" onCancel={onClose} onConfirm={trust}>
        {t('trust.now')}
      </ConfirmActions>
    </Modal>
  );
}
