import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { IconChevronDown } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useTranslation } from 'react-i18next';
import { dragOut, openFileMenu } from '../../../actions/file-menu.ts';
import { focusRow, openRow, searchRows } from '../../../actions/look-at-run.ts';
import { useNumbers } from '../../../parts/numbers.tsx';
import { NoRows } from './no-rows.tsx';
import { RunRowLine } from './run-row-line.tsx';
import { RunTools } from './run-tools.tsx';
import type { ShownRun } from '../../../state/run-look.ts';
import { isOver, useRun, useRunRows, useUnsureBelow } from '../../../state/run-queries.ts';

const rowHeight = 40;

/** Everything that the run has finished, in the order of finishing; what a person looks at stays in place. */
export function RunList({ now }: { readonly now: ShownRun }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const scroll = useRef<HTMLDivElement>(null);
  const { run, show, label, fault } = now;
  const unsureBelow = useUnsureBelow(run);
  const list = { run, show, label, fault, unsureBelow, search: useDeferredValue(now.search) };
  // Before a page has come the last known length stands, so that the list does not jump to nothing and back.
  const [total, setTotal] = useState(0);
  // oxlint-disable-next-line react/incompatible-library -- what it gives is used in this component alone
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const items = rows.getVirtualItems();
  const { counts, rowAt } = useRunRows(list, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  if (counts && counts.total !== total) setTotal(counts.total);
  useEffect(() => rows.scrollToIndex(now.focused), [rows, now.focused]);
  useEffect(() => scroll.current?.focus({ preventScroll: true }), []);
  const press = (event: React.KeyboardEvent): void => {
    const page = Math.max(1, Math.floor((scroll.current?.clientHeight ?? rowHeight) / rowHeight) - 1);
    const to = stepOf(event.key, page);
    const last = Math.max(0, total - 1);
    if (to !== null)
      focusRow(
        run,
        Math.max(0, Math.min(last, to === -Infinity ? 0 : to === Infinity ? last : now.focused + to)),
      );
    else if (event.key === 'Enter' && total > 0) openRow(run, now.focused);
    else if (event.key === 'Escape' && now.search !== '') searchRows(run, '');
    else return;
    event.preventDefault();
  };
  const openMenu = (event: React.MouseEvent): void => {
    const under = event.target instanceof Element ? event.target.closest('[role=option]') : null;
    const index = under ? Number(under.id.slice('row-'.length)) : now.focused;
    const row = rowAt(index);
    if (!row) return;
    focusRow(run, index);
    openFileMenu(event, under ?? document.getElementById(`row-${index}`), {
      ref: row.ref,
      name: row.name,
      answer: row.fault ? null : { kind: 'row', run: now.run, seq: row.seq },
      show: () => openRow(run, index),
    });
  };
  return (
    <div className="run-list">
      <RunTools now={now} counts={counts} />
      {now.show === 'unsure' ? (
        <p className="run-boundary small muted">
          {t('run.boundary', { percent: numbers.share(unsureBelow) })}
        </p>
      ) : null}
      <div className="run-row run-heads small muted" aria-hidden="true">
        <span />
        <span>{t('run.photo')}</span>
        <span>{t('run.label')}</span>
        <span />
        <span className="number">{t('run.score')}</span>
        <span className="number">ms</span>
      </div>
      <div
        className="run-rows"
        ref={scroll}
        role="listbox"
        tabIndex={0}
        aria-label={t('run.list')}
        aria-activedescendant={total > 0 ? `row-${now.focused}` : undefined}
        onKeyDown={press}
        onContextMenu={openMenu}
      >
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {items.map((item) => (
            <RunRowLine
              key={item.index}
              index={item.index}
              top={item.start}
              row={rowAt(item.index)}
              unsureBelow={unsureBelow}
              isFocused={item.index === now.focused}
              onFocus={(index) => focusRow(run, index)}
              onOpen={(index) => openRow(run, index)}
              onDrag={dragOut}
            />
          ))}
        </div>
        {counts && counts.total === 0 && counts.isWhole ? <NoRows now={now} /> : null}
      </div>
      <RunFoot
        run={now.run}
        total={total}
        top={rows.scrollOffset ?? 0}
        height={rows.scrollRect?.height ?? 0}
      />
    </div>
  );
}

function stepOf(key: string, page: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -Infinity,
    End: Infinity,
  };
  return steps[key] ?? null;
}

type RunFootProps = {
  readonly run: string;
  readonly total: number;
  readonly top: number;
  readonly height: number;
};

function RunFoot({ run, total, top, height }: RunFootProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const state = useRun(run).data;
  const above = Math.min(total, Math.ceil(top / rowHeight));
  const below = height === 0 ? 0 : Math.max(0, total - above - Math.floor(height / rowHeight));
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
      {state && !isOver(state) ? ` ${t('run.footLive')}` : null}
    </button>
  );
}
