import { useEffect, useEffectEvent, useState } from 'react';
import { Combobox } from '@mantine/core';
import type { ComboboxStore } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { Percent } from './numbers.tsx';

/** A thousand labels are searched, not scrolled through. */
const mostShown = 60;

/** An empty name stands for nothing on the photo. */
type Label = { readonly id: string; readonly name: string; readonly score?: number | null };
type LabelComboboxProps<L extends Label> = {
  readonly choosing: ComboboxStore;
  /** In the order in which they are offered. */
  readonly labels: readonly L[];
  readonly text: string;
  readonly hint: string;
  /** What the list is called. */
  readonly listName: string;
  readonly tone?: 'quiet';
  readonly position: 'top-start' | 'bottom-start';
  readonly onChoose: (label: L) => void;
};

/** A button (key N) that opens labels to choose one of; typing searches among them. */
export function LabelCombobox<L extends Label>({
  choosing,
  labels,
  text,
  hint,
  listName,
  tone,
  position,
  onChoose,
}: LabelComboboxProps<L>) {
  const { t } = useTranslation();
  const [search, setSearch] = useState('');
  const nameOf = ({ name }: Label): string => name || t('boxes.none');
  const typed = search.trim().toLocaleLowerCase();
  const fitting = labels.filter((label) => nameOf(label).toLocaleLowerCase().includes(typed));
  // Enter takes what the search has first.
  const point = useEffectEvent(() =>
    typed === '' ? choosing.resetSelectedOption() : choosing.selectFirstOption(),
  );
  useEffect(() => void point(), [typed]);
  const focus = useEffectEvent(() => choosing.focusSearchInput());
  // The list opens some frames after its key: what is typed meanwhile belongs to the search as well.
  const typeAhead = useEffectEvent((event: KeyboardEvent) => {
    const { key, ctrlKey, metaKey, altKey, isComposing } = event;
    const isLetter = key.length === 1 && key !== ' ' && !ctrlKey && !metaKey && !altKey && !isComposing;
    if (!isLetter || document.activeElement === choosing.searchRef.current) return;
    event.preventDefault();
    event.stopPropagation();
    setSearch((before) => before + key);
  });
  const isOpen = choosing.dropdownOpened;
  useEffect(() => {
    if (!isOpen) return;
    focus();
    const listen = (event: KeyboardEvent): void => typeAhead(event);
    window.addEventListener('keydown', listen, { capture: true });
    return () => window.removeEventListener('keydown', listen, { capture: true });
  }, [isOpen]);
  return (
    <Combobox
      store={choosing}
      position={position}
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
          {...(tone && { tone })}
          title={hint}
          aria-keyshortcuts="N"
          onClick={() => choosing.toggleDropdown()}
        >
          {text}
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
          onKeyDown={({ key }) => {
            if (key === 'Escape') choosing.focusTarget();
          }}
        />
        <Combobox.Options aria-label={listName} className="label-list">
          {fitting.slice(0, mostShown).map((label) => (
            <Combobox.Option key={label.id} value={label.id} className="label-list-line">
              <span className="cut" title={nameOf(label)}>
                {nameOf(label)}
              </span>
              {label.score === undefined || label.score === null ? null : (
                <span className="muted end">
                  <Percent value={label.score} />
                </span>
              )}
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
