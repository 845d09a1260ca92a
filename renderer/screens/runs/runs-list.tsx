import { useDeferredValue, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { SegmentedControl } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useTranslation } from 'react-i18next';
import { useNumbers } from '../../parts/numbers.tsx';
import { useCardCopies } from '../../state/cards.ts';
import { useEndedRuns, useLiveRuns } from '../../state/run-queries.ts';
import type { EndedQuery } from '../../state/run-queries.ts';
import { CopyCard } from './cards/index.ts';
import { RunCard } from './run-card.tsx';
import { RunLine } from './run-line.tsx';

const rowHeight = 56;

/** Live runs and copies on top, then the finished runs, newest first, fetched in pages while scrolling. */
export function RunsList() {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const scroll = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const top = useRef<HTMLDivElement>(null);
  const [search, setSearch] = useState('');
  const [show, setShow] = useState<EndedQuery['show']>('all');
  const [margin, setMargin] = useState(0);
  const live = useLiveRuns().data ?? [];
  const copies = useCardCopies().data ?? [];
  const { data, fetchNextPage, hasNextPage, isFetching } = useEndedRuns({
    search: useDeferredValue(search),
    show,
  });
  const runs = data?.pages.flatMap((page) => page.runs) ?? [];
  const total = data?.pages[0]?.total ?? 0;
  // The virtual list needs its offset below the live cards, whose height changes with their content.
  useLayoutEffect(() => {
    const above = top.current;
    if (!above) return;
    const measure = (): void => setMargin(list.current?.offsetTop ?? 0);
    const watch = new ResizeObserver(measure);
    watch.observe(above);
    measure();
    return () => watch.disconnect();
  }, []);
  // oxlint-disable-next-line react/incompatible-library -- what it gives is used in this component alone
  const rows = useVirtualizer({
    count: runs.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    scrollMargin: margin,
    overscan: 6,
  });
  const items = rows.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasNextPage && !isFetching && last >= runs.length - 20) void fetchNextPage();
  }, [hasNextPage, isFetching, last, runs.length, fetchNextPage]);
  const press = (event: React.KeyboardEvent): void => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const line = event.target instanceof Element ? event.target.closest('[data-run-index]') : null;
    if (by === undefined || !line || document.querySelector('[role=menu]')) return;
    event.preventDefault();
    const to = Math.max(0, Math.min(runs.length - 1, Number(line.getAttribute('data-run-index')) + by));
    rows.scrollToIndex(to);
    requestAnimationFrame(() =>
      list.current?.querySelector<HTMLElement>(`[data-run-index="${to}"] .run-line-title`)?.focus(),
    );
  };
  const isNone = data !== undefined && total === 0;
  const isFiltered = search !== '' || show !== 'all';
  return (
    <div className="runs-list" ref={scroll}>
      <div ref={top}>
        {copies.map((copy) => (
          <CopyCard key={copy.id} copy={copy} />
        ))}
        {live.map((run) => (
          <RunCard key={run.id} run={run} />
        ))}
      </div>
      <div className="runs-tools">
        <h2 className="heading">{t('runs.before')}</h2>
        <span className="number muted">{data ? numbers.count(total) : ''}</span>
        <SegmentedControl
          className="end"
          value={show}
          onChange={(value) => setShow(value as EndedQuery['show'])}
          data={[
            { value: 'all', label: t('run.show.all') },
            { value: 'faults', label: t('runs.withFaults') },
          ]}
          aria-label={t('runs.showWhich')}
        />
        <label className="field">
          <IconSearch size={18} stroke={1.5} aria-hidden="true" />
          <input
            data-search
            value={search}
            placeholder={t('runs.search')}
            aria-label={t('runs.search')}
            maxLength={200}
            spellCheck={false}
            onChange={(event) => setSearch(event.currentTarget.value)}
            onKeyDown={(event) => event.key === 'Escape' && setSearch('')}
          />
        </label>
      </div>
      <ul
        ref={list}
        className="run-lines"
        aria-label={t('runs.before')}
        style={{ height: rows.getTotalSize() }}
        onKeyDown={press}
      >
        {items.map(({ index, start }) => {
          const run = runs[index];
          return run ? <RunLine key={run.id} run={run} index={index} top={start - margin} /> : null;
        })}
      </ul>
      {isNone ? (
        <div className="runs-none">
          <p>{t(isFiltered ? 'runs.noneFound' : live.length > 0 ? 'runs.noneOver' : 'runs.none')}</p>
          {isFiltered ? (
            <button
              type="button"
              className="link"
              onClick={() => {
                setSearch('');
                setShow('all');
              }}
            >
              {t('runs.showAll')}
            </button>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
