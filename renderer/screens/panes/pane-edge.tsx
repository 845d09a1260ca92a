import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCell } from '../../state/cell.ts';
import { leastPane, mostPane, paneWidth, widenPane } from '../../state/pane-width.ts';

const step = 16;
const usual = 360;

/** The left edge of the right pane: dragged, or moved by arrow keys; a double click or Enter gives its own width back. */
export function PaneEdge() {
  const { t } = useTranslation();
  const edge = useRef<HTMLDivElement>(null);
  /** Where in the edge the hand took it, in CSS pixels from the pane's border; null while nobody holds it. */
  const [grip, setGrip] = useState<number | null>(null);
  const chosen = useCell(paneWidth);
  const box = (): DOMRect | undefined => edge.current?.parentElement?.getBoundingClientRect();
  const press = (event: React.KeyboardEvent): void => {
    const width = box()?.width ?? usual;
    if (event.key === 'ArrowLeft') widenPane(width + step);
    else if (event.key === 'ArrowRight') widenPane(width - step);
    else if (event.key === 'Home') widenPane(leastPane);
    else if (event.key === 'End') widenPane(mostPane);
    else if (event.key === 'Enter') paneWidth.set(null);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={edge}
      className={grip !== null ? 'pane-edge held' : 'pane-edge'}
      role="separator"
      aria-orientation="vertical"
      aria-label={t('pane.width')}
      aria-valuenow={chosen ?? usual}
      aria-valuemin={leastPane}
      aria-valuemax={mostPane}
      tabIndex={0}
      title={t('pane.widthHint')}
      onKeyDown={press}
      onDoubleClick={() => paneWidth.set(null)}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setGrip(event.clientX - (box()?.left ?? event.clientX));
      }}
      onPointerMove={(event) => {
        if (grip !== null) widenPane((box()?.right ?? 0) - event.clientX + grip);
      }}
      onLostPointerCapture={() => setGrip(null)}
    />
  );
}
