import { memo, useEffect, useRef } from 'react';
import { IconCheck } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useTranslation } from 'react-i18next';
import type { Result } from '../../../contract/tasks/index.ts';
import { viewOf } from '../../tasks/index.ts';
import { useThreshold } from '../../tasks/threshold.ts';
import { boxesOn } from '../../tasks/walk.ts';
import { modelOf } from '../../actions/confirm-label.ts';
import { dragOut, openFileMenu } from '../../actions/file-menu.ts';
import { BoxMarks } from '../../parts/boxes/index.ts';
import { useConfirmed } from '../../state/lifecycle.ts';
import { useFileTitle } from '../../parts/file-title.ts';
import { Thumbnail } from '../../parts/thumbnail.tsx';
import type { Entry } from '../../state/try-page.ts';

type StripProps = {
  readonly entries: readonly Entry[];
  readonly current: number;
  readonly onShow: (index: number) => void;
};

/** The photos side by side, each with its first label. */
export function Strip({ entries, current, onShow }: StripProps) {
  const { t } = useTranslation();
  const scroll = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- what it gives is used in this component alone
  const items = useVirtualizer({
    horizontal: true,
    count: entries.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => 100,
    paddingStart: 24,
    paddingEnd: 12,
    scrollPaddingStart: 24,
    scrollPaddingEnd: 24,
    overscan: 4,
  });
  useEffect(() => items.scrollToIndex(current), [items, current]);
  return (
    <div
      className="strip"
      ref={scroll}
      role="listbox"
      aria-label={t('strip.label')}
      aria-orientation="horizontal"
    >
      <div style={{ width: items.getTotalSize(), height: 80, position: 'relative' }}>
        {items.getVirtualItems().map((item) => {
          const entry = entries[item.index];
          return entry ? (
            <StripItem
              key={entry.file.ref}
              entry={entry}
              left={item.start}
              index={item.index}
              isCurrent={item.index === current}
              onShow={onShow}
            />
          ) : null;
        })}
      </div>
    </div>
  );
}

type StripItemProps = {
  readonly entry: Entry;
  readonly left: number;
  readonly index: number;
  readonly isCurrent: boolean;
  readonly onShow: (index: number) => void;
};

const StripItem = memo(function StripItem({ entry, left, index, isCurrent, onShow }: StripItemProps) {
  const { t, i18n } = useTranslation();
  const name = useFileTitle()(entry.file);
  const record = entry.answer.kind === 'answered' ? entry.answer.record : null;
  const result = record?.result ?? null;
  const [above] = useThreshold(result);
  const confirmed = useConfirmed(record?.digest ?? '', record ? modelOf(record) : '').data ?? null;
  const isBad = entry.answer.kind === 'fault';
  const wordOf = (known: Result): string =>
    confirmed
      ? confirmed.name || t('boxes.none')
      : (viewOf(known).word(known, above, i18n.language) ?? t('boxes.none'));
  const word = result ? wordOf(result) : t(isBad ? 'strip.notRead' : 'strip.waiting');
  const onClick = () => onShow(index);
  const { ref } = entry.file;
  const onContextMenu = (event: React.MouseEvent<HTMLButtonElement>): void =>
    openFileMenu(event, event.currentTarget, {
      ref,
      name,
      answer: entry.answer.kind === 'answered' ? { kind: 'record', record: entry.answer.record } : null,
      show: onClick,
    });
  return (
    <button
      type="button"
      role="option"
      className={isBad ? 'strip-item tone-danger' : 'strip-item'}
      style={{ transform: `translateX(${left}px)` }}
      aria-selected={isCurrent}
      tabIndex={isCurrent ? 0 : -1}
      title={[name, ...(result ? [confirmed ? t('run.confirmed', { label: word }) : word] : [])].join('\n')}
      onClick={onClick}
      onContextMenu={onContextMenu}
      draggable
      onDragStart={(event) => dragOut(event, { ref })}
    >
      <span className="strip-picture">
        <Thumbnail photo={entry.file.ref} edge={192} bad={isBad} />
        {result ? <BoxMarks boxes={boxesOn(result, above)} photo={result} /> : null}
      </span>
      <span className={confirmed ? 'strip-word tone-ok small' : 'strip-word small'}>
        {confirmed ? <IconCheck size={14} stroke={1.5} role="img" aria-label={t('strip.confirmed')} /> : null}
        <span className="cut">{word}</span>
      </span>
    </button>
  );
});
