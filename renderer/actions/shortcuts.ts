import type { MenuAct } from '../../contract/calls/menu.ts';
import { keysOpen, place, places, runsPage } from '../state/navigation.ts';
import type { Place } from '../state/navigation.ts';
import { tryPage } from '../state/try-page.ts';
import { clearTry } from './clear-try.ts';
import { chooseImport } from './import-model.ts';
import { closeRow } from './look-at-run.ts';
import { goTo, showRuns, showSettings } from './move.ts';
import { chooseForRun } from './new-run.ts';
import { chooseFiles } from './pick-files.ts';

/** What the menu bar and the keys do, each once. */
export const acts: Readonly<Record<MenuAct, () => void>> = {
  photos: () => void (place.get() === 'runs' ? chooseForRun('photos') : chooseFiles('photos')),
  folder: () => void (place.get() === 'runs' ? chooseForRun('folder') : chooseFiles('folder')),
  addFile: () => void chooseImport('file'),
  addFolder: () => void chooseImport('folder'),
  close: () => {
    if (place.get() === 'runs') return showRuns();
    goTo('try');
    clearTry();
  },
  find: focusSearch,
  try: () => goTo('try'),
  runs: () => goTo('runs'),
  models: () => goTo('models'),
  monitor: () => goTo('monitor'),
  api: () => goTo('api'),
  settings: () => goTo('settings'),
  keys: () => keysOpen.set(true),
  about: () => showSettings('about'),
};

type Shortcut = {
  readonly act: MenuAct;
  /** As the list of keys shows it; the last one is what the keyboard says. */
  readonly keys: readonly string[];
  /** Also where a person writes. */
  readonly isEverywhere: boolean;
};

const digit = (to: Place): string => String(places.indexOf(to) + 1);

export const shortcuts: readonly Shortcut[] = [
  { act: 'photos', keys: ['Ctrl', 'O'], isEverywhere: true },
  { act: 'folder', keys: ['Ctrl', 'Shift', 'O'], isEverywhere: true },
  { act: 'close', keys: ['Ctrl', 'W'], isEverywhere: true },
  { act: 'find', keys: ['Ctrl', 'F'], isEverywhere: true },
  ...places.map((to): Shortcut => ({ act: to, keys: ['Ctrl', digit(to)], isEverywhere: true })),
  { act: 'settings', keys: ['Ctrl', ','], isEverywhere: true },
  { act: 'keys', keys: ['?'], isEverywhere: false },
];

/** The shortcut that a press is, or null. */
export function shortcutOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>,
): Shortcut | null {
  if (event.altKey) return null;
  const withControl = event.ctrlKey || event.metaKey;
  const key = event.key.toUpperCase();
  return (
    shortcuts.find(({ keys }) => {
      const wantsControl = keys.includes('Ctrl');
      const isShiftRight = !wantsControl || keys.includes('Shift') === event.shiftKey;
      return keys.at(-1) === key && wantsControl === withControl && isShiftRight;
    }) ?? null
  );
}

/** The search of what is shown; an opened photo of a run gives way to its list. Where there is none, nothing happens. */
function focusSearch(): void {
  if (takeSearch()) return;
  const run = runInSight();
  if (run === null) return;
  closeRow(run);
  requestAnimationFrame(() => takeSearch());
}

function takeSearch(): boolean {
  const search = document.querySelector<HTMLInputElement>('main [data-search]');
  search?.focus();
  search?.select();
  return search !== null;
}

/** The run whose photos the person looks at, in Try or in Runs. */
function runInSight(): string | null {
  const [tried, page] = [tryPage.get(), runsPage.get()];
  if (place.get() === 'try' && tried.kind === 'run') return tried.run;
  return place.get() === 'runs' && page.kind === 'run' ? page.run : null;
}
