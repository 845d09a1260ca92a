import { useCallback, useDeferredValue, useEffect, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useTranslation } from 'react-i18next';
import type { RunRow } from '../../../contract/runs/run.ts';
import { dragOut, openFileMenu, openPickedMenu } from '../../actions/file-menu.ts';
import { clearFilter, focusRow, openRow } from '../../actions/look-at-run.ts';
import { moveFocus, pickAll, pickNone, pressRow, stepToRow, togglePicked } from '../../actions/pick-rows.ts';
import { undoVerdict } from '../../actions/review.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { useLetters } from '../../hooks/use-letters.ts';
import { NoRows } from './no-rows.tsx';
import { PickedFoot } from './picked-foot.tsx';
import { RunChips } from './run-chips.tsx';
import { RunHeads } from './run-heads.tsx';
import { RunListFoot } from './run-list-foot.tsx';
import { RunRowLine } from './run-row-line.tsx';
import { RunTools } from './run-tools.tsx';
import type { ShownRun } from '../../state/run-look.ts';
import { useRunRows, useUnsureBelow } from '../../state/run-queries.ts';

const rowHeight = 40;
const headHeight = 32;

/** Everything that the run has finished, in the order of finishing; what a person looks at stays in place. */
export function RunList({ now }: { readonly now: ShownRun }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const scroll = useRef<HTMLDivElement>(null);
  const { run } = now;
  const unsureBelow = useUnsureBelow(run);
  const list = { ...now, unsureBelow, search: useDeferredValue(now.search) };
  // Keeps the last known length until a page has loaded, so that the list does not collapse meanwhile.
  const [total, setTotal] = useState(0);
  // oxlint-disable-next-line react/incompatible-library -- what it gives is used in this component alone
  const rows = useVirtualizer({
    count: total,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    // The sticky heads take space above the rows.
    scrollMargin: headHeight,
    scrollPaddingStart: headHeight,
    overscan: 8,
  });
  const items = rows.getVirtualItems();
  const { counts, rowAt } = useRunRows(list, items[0]?.index ?? 0, items.at(-1)?.index ?? 0);
  if (counts && counts.total !== total) setTotal(counts.total);
  useEffect(() => rows.scrollToIndex(now.focused), [rows, now.focused]);
  const takeFocus = useCallback(() => scroll.current?.focus({ preventScroll: true }), []);
  useEffect(takeFocus, [takeFocus]);
  useLetters({ z: () => void undoVerdict() });
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  const onPress = useCallback(
    (index: number, event: React.MouseEvent) => pressRow(latest.current, index, event),
    [],
  );
  const onDrag = useCallback((event: React.DragEvent, { seq, ref }: RunRow) => {
    const { run: of, picked } = latest.current;
    dragOut(event, picked.has(seq) ? { run: of, items: Uint32Array.from(picked) } : { ref });
  }, []);
  const isSelected = (index: number): boolean =>
    now.picked.size === 0 ? index === now.focused : now.picked.has(rowAt(index)?.seq ?? -1);
  const visible = Math.max(0, Math.floor(((rows.scrollRect?.height ?? 0) - headHeight) / rowHeight));
  const press = (event: React.KeyboardEvent): void => {
    if (event.key === 'Escape') {
      if (now.picked.size > 0) pickNone(run);
      else if (!clearFilter(now)) return;
      return event.preventDefault();
    }
    // The heads handle their own keys.
    if (event.target !== event.currentTarget) return;
    const step = stepOf(event.key, Math.max(1, visible - 1));
    const last = Math.max(0, total - 1);
    const withControl = event.ctrlKey || event.metaKey;
    if (step !== null) stepToRow(list, rowAfter(now.focused, step, last), event);
    else if (event.key === 'Enter' && total > 0) openRow(run, now.focused);
    else if (event.key === ' ' && total > 0) togglePicked(list, now.focused);
    else if (event.key.toLowerCase() === 'a' && withControl && total > 0) void pickAll(list, total);
    else return;
    event.preventDefault();
  };
  const openMenu = (event: React.MouseEvent): void => {
    const under = event.target instanceof Element ? event.target.closest('[role=row][id]') : null;
    const index = under ? Number(under.id.slice('row-'.length)) : now.focused;
    const row = rowAt(index);
    if (!row) return;
    const over = under ?? document.getElementById(`row-${index}`);
    if (now.picked.has(row.seq)) {
      moveFocus(run, index);
      if (now.picked.size > 1) return openPickedMenu(event, over, run);
    } else focusRow(run, index);
    openFileMenu(event, over, {
      ref: row.ref,
      name: row.name,
      answer: row.fault ? null : { kind: 'row', run: now.run, seq: row.seq },
      show: () => openRow(run, index),
    });
  };
  return (
    <div className="run-list">
      <RunTools now={now} counts={counts} />
      <RunChips now={now} counts={counts} />
      {now.show === 'unsure' ? (
        <p className="run-boundary small muted">
          {t('run.boundary', { percent: numbers.share(unsureBelow) })}
        </p>
      ) : null}
      <div className="run-body">
        <div
          className="run-rows"
          ref={scroll}
          role="grid"
          tabIndex={0}
          aria-label={t('run.list')}
          aria-multiselectable
          data-picking={now.picked.size > 0 || undefined}
          aria-rowcount={total + 1}
          aria-activedescendant={total > 0 ? `row-${now.focused}` : undefined}
          onKeyDown={press}
          onContextMenu={openMenu}
        >
          <RunHeads now={now} />
          <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
            {items.map((item) => (
              <RunRowLine
                key={item.index}
                index={item.index}
                top={item.start - headHeight}
                row={rowAt(item.index)}
                unsureBelow={unsureBelow}
                isFocused={item.index === now.focused}
                isSelected={isSelected(item.index)}
                onPress={onPress}
                onOpen={(index) => openRow(run, index)}
                onDrag={onDrag}
              />
            ))}
          </div>
        </div>
        {counts && counts.total === 0 && counts.isWhole ? <NoRows now={now} /> : null}
      </div>
      <div className="hidden-words" role="status">
        {now.picked.size > 0
          ? t('run.picked', { count: now.picked.size, n: numbers.count(now.picked.size) })
          : ''}
      </div>
      {now.picked.size > 0 ? (
        <PickedFoot
          now={now}
          onClear={() => {
            pickNone(run);
            takeFocus();
          }}
          onDone={takeFocus}
        />
      ) : (
        <RunListFoot
          now={now}
          total={total}
          above={Math.ceil((rows.scrollOffset ?? 0) / rowHeight)}
          visible={visible}
        />
      )}
    </div>
  );
}

const rowAfter = (focused: number, step: number, last: number): number =>
  Math.max(0, Math.min(last, step === -Infinity ? 0 : step === Infinity ? last : focused + step));

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
