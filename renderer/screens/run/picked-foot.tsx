import { useCombobox } from '@mantine/core';
import { IconChecks, IconFileExport, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { ranksOrFinds } from '../../../contract/tasks/index.ts';
import { confirmSelection } from '../../actions/confirm-label.ts';
import type { Named } from '../../actions/confirm-label.ts';
import { openExport } from '../../actions/export-run.ts';
import { useLetters } from '../../hooks/use-letters.ts';
import { Button } from '../../parts/button.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import type { ShownRun } from '../../state/run-look.ts';
import { useRun, useRunModel } from '../../state/run-queries.ts';
import { LabelChoice } from './label-choice.tsx';
import { PickedMenu } from './picked-menu.tsx';

const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

type PickedFootProps = {
  readonly now: ShownRun;
  readonly onClear: () => void;
  /** Gives the focus back to the list. */
  readonly onDone: () => void;
};

/** How many photos are picked, and what can be done with them; in the place of the list's foot. */
export function PickedFoot({ now: { run, picked }, onClear, onDone }: PickedFootProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const model = useRunModel(useRun(run).data);
  return (
    <div className="picked-foot">
      <strong>{t('run.picked', { count: picked.size, n: numbers.count(picked.size) })}</strong>
      {model && ranksOrFinds(model.task) ? (
        <ConfirmAll run={run} model={model.ref} picked={picked} onDone={onDone} />
      ) : (
        <PickedMenu picked={picked} confirms={null} />
      )}
      <Button size="small" icon={<IconFileExport {...icon} />} onClick={() => openExport(run, picked)}>
        {t('run.exportPicked')}
      </Button>
      <Button
        size="small"
        tone="quiet"
        className="end"
        icon={<IconX {...icon} />}
        aria-label={t('run.pickNone')}
        title={t('run.pickNone')}
        onClick={onClear}
      />
    </div>
  );
}

type ConfirmAllProps = Pick<PickedFootProps, 'onDone'> &
  Pick<ShownRun, 'run' | 'picked'> & { readonly model: string };

/** A person's word on all of them at once, by the keys that a single photo has. */
function ConfirmAll({ run, model, picked, onDone }: ConfirmAllProps) {
  const { t } = useTranslation();
  const choosing = useCombobox();
  const confirm = (label: Named | 'own'): void => {
    const text = label === 'own' ? { key: 'run.ownLabels' } : label.name || { key: 'boxes.none' };
    onDone();
    void confirmSelection({ run, label, text });
  };
  const areRight = (): void => confirm('own');
  useLetters({ r: areRight, n: choosing.openDropdown });
  return (
    <>
      <Button
        size="small"
        icon={<IconChecks {...icon} />}
        title={t('run.allRightHint')}
        aria-keyshortcuts="R"
        onClick={areRight}
      >
        {t('run.allRight')}
      </Button>
      <LabelChoice run={run} model={model} choosing={choosing} onChoose={confirm} />
      <PickedMenu picked={picked} confirms={{ areRight, choose: choosing.openDropdown }} />
    </>
  );
}
