import { useMemo, useRef, useState } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useNumbers } from '../../parts/numbers.tsx';

const rowHeight = 28;

/** Every label that the model may give, in the model's order. */
export function ModelLabels({ names }: { readonly names: readonly string[] }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const [search, setSearch] = useState('');
  const scroller = useRef<HTMLDivElement>(null);
  const found = useMemo(() => {
    const typed = search.trim().toLocaleLowerCase();
    return names.flatMap((name, index) =>
      name.toLocaleLowerCase().includes(typed) ? [{ name, index }] : [],
    );
  }, [names, search]);
  // oxlint-disable-next-line react/incompatible-library -- what it gives is used in this component alone
  const rows = useVirtualizer({
    count: found.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const isSearched = search.trim() !== '';
  return (
    <section className="model-labels" aria-label={t('labels.all')}>
      <div className="row model-heading">
        <h3 className="heading">{t('labels.all')}</h3>
        <span className="end muted number" role="status">
          {isSearched
            ? t('labels.found', { n: numbers.count(found.length), all: numbers.count(names.length) })
            : numbers.count(names.length)}
        </span>
      </div>
      <label className="field">
        <IconSearch size={16} stroke={1.5} aria-hidden="true" />
        <input
          type="search"
          value={search}
          placeholder={t('labels.search')}
          aria-label={t('labels.search')}
          onChange={(event) => setSearch(event.target.value)}
        />
      </label>
      {found.length === 0 ? (
        <p className="muted">{t('labels.noneFound', { search: search.trim() })}</p>
      ) : null}
      <div className="label-scroll" ref={scroller} tabIndex={0} role="region" aria-label={t('labels.all')}>
        <ol style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const label = found[row.index];
            return label ? (
              <li
                key={label.index}
                aria-setsize={found.length}
                aria-posinset={row.index + 1}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <span className="number muted">{numbers.count(label.index + 1)}</span>
                <span className="cut" title={label.name}>
                  {label.name}
                </span>
              </li>
            ) : null;
          })}
        </ol>
      </div>
    </section>
  );
}
