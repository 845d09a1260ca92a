import { useCombobox } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { answerOf } from '../../../contract/runs/confirmable.ts';
import { confirmLabel, modelOf } from '../../actions/confirm-label.ts';
import type { LabelTarget, Named } from '../../actions/confirm-label.ts';
import { review, undoVerdict } from '../../actions/review.ts';
import type { ReviewPlace } from '../../actions/review.ts';
import { Button } from '../../parts/button.tsx';
import { LabelCombobox } from '../../parts/label-combobox.tsx';
import { useCell } from '../../state/cell.ts';
import { choosingLabel } from '../../state/file-menu.ts';
import { useConfirmed } from '../../state/lifecycle.ts';
import { announce } from '../../state/notices.ts';
import { useModelLabels } from '../../state/queries.ts';
import { choicesOf } from '../../tasks/confirmable.ts';
import { useLetters } from '../../hooks/use-letters.ts';

const at16 = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

type ConfirmLabelProps = {
  readonly target: LabelTarget;
  /** What the photo is called where it is shown. */
  readonly photoName: string;
  readonly place: ReviewPlace;
};

/** A person's word on an answer: what trials of later versions are measured by. Then comes the next one without any. */
export function ConfirmLabel({ target, photoName, place }: ConfirmLabelProps) {
  const { t } = useTranslation();
  const { record } = target;
  const confirmed = useConfirmed(record.digest, modelOf(record)).data ?? null;
  const first = answerOf(record.result);
  const nameOf = ({ name }: { readonly name: string }): string => name || t('boxes.none');
  const isOpen = useCell(choosingLabel) === record.digest;
  const setIsOpen = (next: boolean): void => choosingLabel.set(next ? record.digest : null);
  const choosing = useCombobox({ opened: isOpen, onOpenedChange: setIsOpen });
  const { model, version } = record;
  const labels = useModelLabels(model.includes('@') ? model : `${model}@${version}`, isOpen);
  const others = choicesOf(record.result, labels).filter(({ id }) => id !== first?.id);
  const giveVerdict = async ({ id, name }: Named): Promise<void> => {
    const values = { photo: photoName, label: name || { key: 'boxes.none' } };
    const isLast = !(await review(target, { id, name }, place));
    announce(isLast ? 'confirm.saidLast' : 'confirm.said', values);
  };
  const isRight = (): void => {
    if (first) void giveVerdict(first);
  };
  useLetters({ r: isRight, n: () => setIsOpen(true), z: () => void undoVerdict() });
  if (!first) return null;
  return (
    <div className="confirm" aria-live="polite">
      {confirmed ? (
        <>
          <span className="state-word tone-ok cut" title={nameOf(confirmed)}>
            <IconCheck {...at16} />
            <span className="cut">{t('confirm.isConfirmed', { label: nameOf(confirmed) })}</span>
          </span>
          <Button tone="quiet" size="small" onClick={() => void confirmLabel(target, null)}>
            {t('confirm.takeBack')}
          </Button>
        </>
      ) : (
        <Button
          tone="quiet"
          size="small"
          title={t('confirm.rightHint', { label: nameOf(first) })}
          aria-keyshortcuts="R"
          icon={<IconCheck {...at16} />}
          onClick={isRight}
        >
          {t('confirm.right')}
        </Button>
      )}
      <LabelCombobox
        choosing={choosing}
        labels={others}
        text={t('confirm.notThis')}
        hint={t('confirm.notThisHint')}
        listName={t('confirm.choose')}
        tone="quiet"
        position="bottom-start"
        onChoose={({ id, name }) => {
          choosing.focusTarget();
          // Correcting an earlier review does not go on to the next photo.
          void (confirmed ? confirmLabel(target, { id, name }) : giveVerdict({ id, name }));
        }}
      />
    </div>
  );
}
