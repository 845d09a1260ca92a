import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { focusRow } from '../../actions/look-at-run.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import type { ShownRun } from '../../state/run-look.ts';
import { isOver, useRun } from '../../state/run-queries.ts';

type RunListFootProps = {
  readonly now: ShownRun;
  readonly total: number;
  /** Rows that are scrolled out above. */
  readonly above: number;
  /** Rows that there is room for; 0 until it is known. */
  readonly visible: number;
};

/** How many rows are out of sight; a press goes to the last one. */
export function RunListFoot({ now: { run, sort }, total, above: scrolled, visible }: RunListFootProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const state = useRun(run).data;
  const above = Math.min(total, scrolled);
  const below = visible === 0 ? 0 : Math.max(0, total - above - visible);
  const isGrowing = state !== undefined && !isOver(state);
  const joinsAtEnd = sort.by === 'walk' && !sort.descending;
  return (
    <button
      type="button"
      className="run-foot small muted"
      onClick={() => focusRow(run, Math.max(0, total - 1))}
    >
      <IconChevronDown size={16} stroke={1.5} aria-hidden="true" />
      {above + below === 0
        ? t('run.footAll')
        : t('run.foot', { above: numbers.count(above), below: numbers.count(below) })}
      {isGrowing ? ` ${t(joinsAtEnd ? 'run.footLive' : 'run.footSorted')}` : null}
    </button>
  );
}
