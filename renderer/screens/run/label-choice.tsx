import type { ComboboxStore } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { nothing } from '../../../contract/runs/found.ts';
import type { Named } from '../../actions/confirm-label.ts';
import { LabelCombobox } from '../../parts/label-combobox.tsx';
import { useModelLabels } from '../../state/queries.ts';
import { useFindsThings, useRun, useRunSummary } from '../../state/run-queries.ts';

type LabelChoiceProps = {
  readonly run: string;
  readonly model: string;
  readonly choosing: ComboboxStore;
  readonly onChoose: (label: Named) => void;
};

/** One label of the model for all selected photos; those that the run has come first. */
export function LabelChoice({ choosing, onChoose, ...of }: LabelChoiceProps) {
  const { t } = useTranslation();
  return (
    <LabelCombobox
      choosing={choosing}
      labels={useLabels(of)}
      text={t('run.labelAll')}
      hint={t('run.labelAllHint')}
      listName={t('run.labelAllHint')}
      position="top-start"
      onChoose={onChoose}
    />
  );
}

function useLabels({ run, model }: Pick<LabelChoiceProps, 'run' | 'model'>): readonly Named[] {
  const labels = useModelLabels(model, true);
  const top = useRunSummary(run).data?.top ?? [];
  const finds = useFindsThings(useRun(run).data);
  const seen = top.flatMap(({ label }) => labels.filter(({ name }) => name === label));
  return [...new Set([...seen, ...(finds ? [nothing] : []), ...labels])];
}
