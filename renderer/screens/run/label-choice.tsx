import { useEffect, useEffectEvent, useState } from 'react';
import { Combobox } from '@mantine/core';
import type { ComboboxStore } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { nothing } from '../../../contract/found.ts';
import type { Named } from '../../actions/confirm-label.ts';
import { Button } from '../../parts/button.tsx';
import { useModelDetail } from '../../state/queries.ts';
import { useFindsThings, useRun, useRunSummary } from '../../state/run-queries.ts';

/** A thousand labels are searched, not scrolled through. */
const mostShown = 60;

type LabelChoiceProps = {
  readonly run: string;
  readonly model: string;
  readonly choosing: ComboboxStore;
  readonly onChoose: (label: Named) => void;
};

/** One label of the model for all selected photos; those that the run has come first. */
export function LabelChoice({ choosing, onChoose, ...of }: LabelChoiceProps) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const nameOf = ({ name }: Named): string => name || t('boxes.none');
  const typed = search.trim().toLocaleLowerCase();
  const fitting = useLabels(of).filter((label) => nameOf(label).toLocaleLowerCase().includes(typed));
  // Enter takes what the search has first.
  const point = useEffectEvent(() =>
    typed === '' ? choosing.resetSelectedOption() : choosing.selectFirstOption(),
  );
  useEffect(() => void point(), [typed]);
  return (
    <Combobox
      store={choosing}
      position="top-start"
      width={280}
      offset={4}
      onOptionSubmit={(id) => {
        const chosen = fitting.find((label) => label.id === id);
        setSearch('');
        choosing.closeDropdown();
        if (chosen) onChoose(chosen);
      }}
      onClose={() => setSearch('')}
    >
      <Combobox.Target targetType="button">
        <Button
          size="small"
          title={t('run.labelAllHint')}
          aria-keyshortcuts="N"
          onClick={() => choosing.toggleDropdown()}
        >
          {t('run.labelAll')}
        </Button>
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Search
          role="combobox"
          aria-expanded
          value={search}
          aria-label={t('labels.search')}
          placeholder={t('labels.search')}
          maxLength={200}
          spellCheck={false}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
        <Combobox.Options aria-label={t('run.labelAllHint')} className="label-choice-list">
          {fitting.slice(0, mostShown).map((label) => (
            <Combobox.Option key={label.id} value={label.id}>
              {nameOf(label)}
            </Combobox.Option>
          ))}
          {fitting.length > mostShown ? <Combobox.Footer>{t('run.moreBySearch')}</Combobox.Footer> : null}
          {fitting.length === 0 ? (
            <Combobox.Empty>{t('labels.noneFound', { search: search.trim() })}</Combobox.Empty>
          ) : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function useLabels({ run, model }: Pick<LabelChoiceProps, 'run' | 'model'>): readonly Named[] {
  const { labelNames = [], labelIds = [], nameLabels = [] } = useModelDetail(model).data ?? {};
  const top = useRunSummary(run).data?.top ?? [];
  const finds = useFindsThings(useRun(run).data);
  const labels = [...labelNames.map((name, at) => ({ id: labelIds[at] ?? name, name })), ...nameLabels];
  const seen = top.flatMap(({ label }) => labels.filter(({ name }) => name === label));
  return [...new Set([...seen, ...(finds ? [nothing] : []), ...labels])];
}
