import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useFileTitle } from '../parts/file-title.ts';
import { useNumbers } from '../parts/numbers.tsx';
import { useCell } from '../state/cell.ts';
import { runsPage } from '../state/navigation.ts';
import type { Place } from '../state/navigation.ts';
import { isOver, useRun, useRunInSight } from '../state/run-queries.ts';
import { tryPage } from '../state/try-page.ts';

/** The window title names what is shown and the progress of a run, for task bars and window switchers. */
export function useWindowTitle(at: Place): void {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const now = useCell(tryPage);
  const page = useCell(runsPage);
  const opened = useRun(page.kind === 'run' ? page.run : null).data;
  const shownRun = now.kind === 'run' ? now.run : null;
  const run = useRunInSight(shownRun);
  const isLive = run !== null && !isOver(run);
  const { found, answered, faults, scanned } = run?.counts ?? {
    found: 0,
    answered: 0,
    faults: 0,
    scanned: false,
  };
  const share = isLive && scanned && found > 0 ? numbers.share((answered + faults) / found) : null;
  const titleOf = useFileTitle();
  const photo = now.kind === 'photos' ? now.entries[now.current]?.file : undefined;
  const shown =
    at !== 'try'
      ? at === 'runs' && page.kind === 'run' && opened
        ? opened.title
        : t(`place.${at}`)
      : now.kind === 'photos'
        ? photo && titleOf(photo)
        : now.kind === 'run'
          ? now.title
          : undefined;
  const title = [share, shown, 'Outpost'].filter(Boolean).join(' – ');
  useEffect(() => void (document.title = title), [title]);
}
