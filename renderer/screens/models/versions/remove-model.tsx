import { Modal } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Timeline, TimelineEntry } from '../../../../contract/lifecycle/timeline.ts';
import { removeAddedModel } from '../../../actions/remove-model.ts';
import { ConfirmActions } from '../../../parts/confirm-actions.tsx';
import { useNumbers } from '../../../parts/numbers.tsx';
import { useModelInUse } from '../../../state/queries.ts';

type RemoveModelProps = {
  readonly timeline: Timeline;
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

const isOnDisk = ({ size }: TimelineEntry): boolean => size !== null;
/** What came with Outpost stays with it. */
export const isAdded = ({ versions }: Timeline): boolean =>
  versions.filter(isOnDisk).every(({ origin }) => origin.kind !== 'built-in');

/** Says what goes, what stays and what brings it back, before it goes. */
export function RemoveModel({ timeline, isOpen, onClose }: RemoveModelProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const isInUse = useModelInUse()?.id === timeline.model;
  const here = timeline.versions.filter(isOnDisk);
  const bytes = here.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const ways = [...new Set(here.map(({ origin }) => t(`models.way.${origin.kind}`, { name: origin.name })))];
  const remove = (): void => {
    onClose();
    // The pressed button disappears with the model, so the focus moves to what is shown in its place.
    void removeAddedModel(timeline).then(() =>
      requestAnimationFrame(() => document.querySelector<HTMLElement>('.model-detail')?.focus()),
    );
  };
  return (
    <Modal
      opened={isOpen}
      onClose={onClose}
      title={t('models.removeTitle', { title: timeline.title })}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      <div className="remove-words">
        <p>
          {t('models.removeGoes', {
            count: here.length,
            n: numbers.count(here.length),
            versions: here.map(({ version }) => version).join(', '),
            size: numbers.bytes(bytes),
          })}
        </p>
        <p>{t('models.removeStays')}</p>
        {isInUse ? <p>{t('models.removeInUse')}</p> : null}
        <p>{t('models.removeBack')}</p>
        <ul className="remove-ways">
          {ways.map((way) => (
            <li key={way}>{way}</li>
          ))}
        </ul>
      </div>
      <ConfirmActions tone="danger" onCancel={onClose} onConfirm={remove}>
        {t('remove.now')}
      </ConfirmActions>
    </Modal>
  );
}
