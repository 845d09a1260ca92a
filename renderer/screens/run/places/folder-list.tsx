import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunFolderState } from '../../../../contract/runs/run-folders.ts';
import { choosePlace } from '../../../actions/places.ts';
import { MiddleCut } from '../../../parts/middle-cut.tsx';
import { useNumbers } from '../../../parts/numbers.tsx';
import { useShiftText } from './shift-text.ts';

type FolderListProps = { readonly folders: readonly RunFolderState[]; readonly chosen: string };

/** The folders of a run with what holds for each; arrow keys choose the one that is changed. */
export function FolderList({ folders, chosen }: FolderListProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLUListElement>(null);
  const at = Math.max(
    0,
    folders.findIndex(({ folder }) => folder === chosen),
  );
  useEffect(() => list.current?.children[at]?.scrollIntoView({ block: 'nearest' }), [at]);
  const press = (event: React.KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: folders.length - 1,
    };
    const next = folders[Math.max(0, Math.min(folders.length - 1, steps[event.key] ?? -1))];
    if (steps[event.key] === undefined || !next) return;
    event.preventDefault();
    choosePlace(next.folder);
  };
  return (
    <ul
      ref={list}
      className="places-list"
      role="listbox"
      tabIndex={0}
      data-autofocus
      aria-label={t('places.folders')}
      aria-activedescendant={`place-${at}`}
      onKeyDown={press}
    >
      {folders.map((folder, index) => (
        <FolderLine key={folder.folder} folder={folder} index={index} isChosen={index === at} />
      ))}
    </ul>
  );
}

type FolderLineProps = {
  readonly folder: RunFolderState;
  readonly index: number;
  readonly isChosen: boolean;
};

function FolderLine({ folder: state, index, isChosen }: FolderLineProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const shiftText = useShiftText();
  const { folder, site, shiftS, count, stated } = state;
  const shift = shiftText(shiftS);
  return (
    <li
      id={`place-${index}`}
      role="option"
      aria-selected={isChosen}
      className="places-line"
      onClick={() => choosePlace(folder)}
    >
      <span className="places-name">
        <MiddleCut text={folder === '' ? t('places.all') : folder} />
      </span>
      <span className="number muted">{numbers.count(count)}</span>
      <span className={stated.site === null ? 'small muted cut' : 'small cut'} title={site ?? ''}>
        {site ?? t('places.several')}
      </span>
      <span className={stated.shiftS === null ? 'small muted number' : 'small number'}>{shift ?? ''}</span>
    </li>
  );
}
