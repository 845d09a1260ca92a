import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';

type ConfirmActionsProps = {
  readonly tone: 'danger' | 'primary';
  readonly onCancel: () => void;
  readonly onConfirm: () => void;
  /** Label of the confirming button. */
  readonly children: ReactNode;
};

/** Buttons of a confirmation dialog; Cancel has the initial focus. */
export function ConfirmActions({ tone, onCancel, onConfirm, children }: ConfirmActionsProps) {
  const { t } = useTranslation();
  return (
    <div className="modal-actions">
      <Button data-autofocus onClick={onCancel}>
        {t('common.cancel')}
      </Button>
      <Button tone={tone} onClick={onConfirm}>
        {children}
      </Button>
    </div>
  );
}
