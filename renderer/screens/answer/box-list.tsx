import { memo, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Box, Size } from '../../../contract/pictures/boxes.ts';
import { walkTo } from '../../actions/move.ts';
import { Bar } from '../../parts/bar.tsx';
import { PhotoCrop, useFullPhoto } from '../../parts/boxes/index.ts';
import { Percent, useNumbers } from '../../parts/numbers.tsx';
import type { ListedEntry } from '../../tasks/view.ts';
import { useWalked } from '../../tasks/walk.ts';
import { useKeyDown } from '../../hooks/use-key-down.ts';

/** Sizes of the crops in CSS pixels: in a row, and enlarged above the list. */
const small: Size = { width: 56, height: 36 };
const large: Size = { width: 328, height: 124 };

type BoxListProps = {
  readonly photo: string;
  /** Size of the photo in pixels. */
  readonly size: Size;
  /** All boxes from the threshold on, best first. */
  readonly entries: readonly ListedEntry[];
  readonly above: number;
};

/** The boxes of a photo, a row each with its crop; arrow keys move the selection, whose crop is enlarged. */
export function BoxList({ photo, size, entries, above }: BoxListProps) {
  const { t } = useTranslation();
  const full = useFullPhoto(photo);
  const walked = useWalked(photo, entries.length);
  const list = useRef<HTMLOListElement>(null);
  const at = walked ?? 0;
  useWalkKeys((by) => {
    const next = walked === null ? (by === 1 ? 0 : entries.length - 1) : walked + by;
    walkTo(photo, Math.max(0, Math.min(entries.length - 1, next)));
  });
  useEffect(() => {
    if (walked !== null) list.current?.children[walked]?.scrollIntoView({ block: 'nearest' });
  }, [walked]);
  const shown = entries[at];
  if (!shown) return null;
  return (
    <>
      <Enlarged full={full} size={size} entry={shown} isWalked={walked !== null} />
      <ol
        ref={list}
        className="box-list"
        role="listbox"
        tabIndex={0}
        aria-label={t('boxes.list')}
        aria-activedescendant={`box-${at}`}
      >
        {entries.map((entry, index) => (
          <BoxRow
            // Boxes have no id and never move, so the index is a stable key.
            key={index}
            entry={entry}
            index={index}
            isWalked={index === at}
            {...{ photo, full, size, above }}
          />
        ))}
      </ol>
      {entries.length > 1 ? <p className="small muted box-hint">{t('boxes.walkHint')}</p> : null}
    </>
  );
}

type EnlargedProps = {
  readonly full: ImageBitmap | null;
  readonly size: Size;
  readonly entry: ListedEntry;
  readonly isWalked: boolean;
};

function Enlarged({ full, size, entry: { label, box, score, index }, isWalked }: EnlargedProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  if (!box) return null;
  const [width, height] = pixelsOf(box);
  return (
    <figure className="enlarged">
      <span className="enlarged-picture">
        <PhotoCrop full={full} photo={size} box={box} index={index} size={large} />
      </span>
      <figcaption className="small muted" aria-live={isWalked ? 'polite' : undefined}>
        <span className="hidden-words">
          {label} {numbers.percent(score)}{' '}
        </span>
        {t('boxes.pixels', { width: numbers.count(width), height: numbers.count(height) })}
      </figcaption>
    </figure>
  );
}

const pixelsOf = ([left, top, right, bottom]: Box): readonly [number, number] => [
  Math.round(right - left),
  Math.round(bottom - top),
];

type BoxRowProps = {
  readonly photo: string;
  readonly full: ImageBitmap | null;
  readonly size: Size;
  readonly entry: ListedEntry;
  readonly index: number;
  readonly isWalked: boolean;
  readonly above: number;
};

const BoxRow = memo(function BoxRow({ photo, full, size, entry, index, isWalked, above }: BoxRowProps) {
  const { label, score, box } = entry;
  return (
    <li
      id={`box-${index}`}
      role="option"
      aria-selected={isWalked}
      className="box-row"
      onClick={() => walkTo(photo, index)}
    >
      <span className="box-picture">
        {box ? <PhotoCrop full={full} photo={size} box={box} index={entry.index} size={small} /> : null}
      </span>
      <span className="cut" title={label}>
        {label}
      </span>
      <Bar thin value={score} kind={isWalked ? 'first' : 'shown'} threshold={above} />
      <Percent value={score} />
    </li>
  );
});

/** Up and down while a photo is shown; fields, sliders, edges and open menus keep theirs. */
function useWalkKeys(walk: (by: 1 | -1) => void): void {
  useKeyDown((event) => {
    if (event.shiftKey || (event.key !== 'ArrowDown' && event.key !== 'ArrowUp')) return;
    event.preventDefault();
    walk(event.key === 'ArrowDown' ? 1 : -1);
  }, '[role=slider], [aria-haspopup=menu]');
}
