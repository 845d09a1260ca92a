import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useFileTitle } from '../parts/file-title.ts';
import { useNumbers } from '../parts/numbers.tsx';
import { useCell } from '../state/cell.ts';
import type { Place } from '../state/place.ts';
import { isOver, useRun } from '../state/run-queries.ts';
import { trial } from '../state/trial.ts';

/** The window title names what is shown and the progress of a run, for task bars and window switchers. */
export function useWindowTitle(at: Place): void {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const now = useCell(trial);
  const run = useRun(now.kind === 'run' ? now.run : null).data;
  const isLive = run !== undefined && !isOver(run);
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
      ? t(`place.${at}`)
      : now.kind === 'photos'
        ? photo && titleOf(photo)
        : now.kind === 'run'
          ? now.title
          : undefined;
  const title = [share, shown, 'Outpost'].filter(Boolean).join(' – ');
  useEffect(() => void (document.title = title), [title]);
}
