import { useLayoutEffect, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { IconFileAlert, IconFocusCentered, IconMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Result } from '../../../contract/tasks/index.ts';
import { dragOut } from '../../actions/file-menu.ts';
import { Button } from '../../parts/button.tsx';
import { Key } from '../../parts/key.tsx';
import { MiddleCut } from '../../parts/middle-cut.tsx';
import { Percent, useNumbers } from '../../parts/numbers.tsx';
import { useCell } from '../../state/cell.ts';
import { viewOf } from '../../tasks/index.ts';
import { useThreshold } from '../../tasks/threshold.ts';
import { useCentre } from './use-centre.ts';
import { usePhotoWalk } from './use-photo-walk.ts';
import { squareShown, zoomed } from '../../state/try-page.ts';
import { useKeyDown } from '../../hooks/use-key-down.ts';

type PhotoWellProps = {
  readonly photo: string;
  readonly name: string;
  readonly result: Result | null;
  readonly isBad: boolean;
  readonly before?: ReactNode;
  readonly onMenu: (event: React.MouseEvent<HTMLElement>) => void;
};
const largest = 2;
/** Limits of the scale when a person zooms. */
const least = 0.02;
const most = 8;
const icon = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

/** The photo, fitted into its well at twice its size at most until a person zooms, with the square that the model saw. */
export function PhotoWell({ photo, name, result, isBad, before, onMenu }: PhotoWellProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const well = useRef<HTMLDivElement>(null);
  const available = useContentSize(well);
  const [natural, setNatural] = useState<{ width: number; height: number } | null>(null);
  const hand = useCell(zoomed);
  const zoom = hand?.photo === photo ? hand.scale : null;
  const [isMissing, setIsMissing] = useState(false);
  const isShown = !isBad && !isMissing;
  const shown = useCell(squareShown);
  const keepCentre = useCentre(well, zoom);
  const size = result ? { width: result.width, height: result.height } : natural;
  const fit =
    size && available
      ? clamp(Math.min(largest, available.width / size.width, available.height / size.height))
      : null;
  const scale = zoom ?? fit;
  const view = result && viewOf(result);
  const [above] = useThreshold(result);
  const walk = usePhotoWalk({ photo, result, above, scale, well });
  const overlayLabel = t(view?.overlayKey ?? 'photo.square');
  const step = (factor: number): void => {
    if (scale === null || !isShown) return;
    keepCentre();
    zoomed.set({ photo, scale: clamp(scale * factor) });
  };
  const toFit = (): void => zoomed.set(null);
  useZoomKeys({ step, fit: toFit });
  return (
    <>
      <div className="tool">
        {before}
        <span className="photo-name">
          <MiddleCut text={name} />
        </span>
        {size && !isBad ? (
          <span className="muted tool-fact">
            {numbers.count(size.width)} × {numbers.count(size.height)}
          </span>
        ) : null}
        <Button
          size="small"
          tone="quiet"
          className="end"
          disabled={!result || !isShown}
          aria-pressed={shown && isShown}
          aria-label={overlayLabel}
          title={
            view?.hideKey ? `${overlayLabel}: ${t('photo.holdToHide', { key: view.hideKey })}` : overlayLabel
          }
          onClick={() => squareShown.set(!shown)}
          icon={<IconFocusCentered {...icon} />}
        >
          <span className="tool-word">{overlayLabel}</span>
          {view?.hideKey ? <Key>{view.hideKey}</Key> : null}
        </Button>
        <Button
          size="small"
          tone="quiet"
          disabled={scale === null || !isShown}
          aria-label={t('photo.smaller')}
          onClick={() => step(1 / 1.25)}
          icon={<IconMinus {...icon} />}
        />
        <span className="zoom">{scale === null || !isShown ? '' : <Percent value={scale} digits={0} />}</span>
        <Button
          size="small"
          tone="quiet"
          disabled={scale === null || !isShown}
          aria-label={t('photo.larger')}
          onClick={() => step(1.25)}
          icon={<IconPlus {...icon} />}
        />
        <Button
          size="small"
          tone="quiet"
          disabled={scale === null || !isShown}
          aria-label={t('photo.fit')}
          title={t('photo.fit')}
          onClick={toFit}
          icon={<IconMaximize {...icon} />}
        />
      </div>
      <div
        className="well"
        ref={well}
        role="group"
        aria-label={t('photo.alt', { name })}
        tabIndex={0}
        data-focus-first
        onContextMenu={onMenu}
      >
        {isBad ? (
          <IconFileAlert
            size={48}
            stroke={1}
            className="tone-danger"
            role="img"
            aria-label={t('fault.notRead', { name })}
          />
        ) : isMissing ? (
          <p className="reading muted well-words" role="status">
            {t(result ? 'photo.goneAnswered' : 'photo.gone', { name })}
          </p>
        ) : (
          <div
            className="photo"
            onClick={walk.click}
            style={
              size && scale
                ? { width: size.width * scale, height: size.height * scale }
                : { visibility: 'hidden' }
            }
          >
            <img
              src={`outpost://photo/${photo}`}
              alt={t('photo.alt', { name })}
              decoding="async"
              onDragStart={(event) => dragOut(event, { ref: photo })}
              onError={() => setIsMissing(true)}
              onLoad={(event) =>
                setNatural({
                  width: event.currentTarget.naturalWidth,
                  height: event.currentTarget.naturalHeight,
                })
              }
            />
            {view && result && shown && scale ? (
              <view.Overlay result={result} scale={scale} above={above} walked={walk.walked} />
            ) : null}
          </div>
        )}
      </div>
    </>
  );
}

const clamp = (scale: number): number => Math.max(least, Math.min(most, scale));

function useContentSize(of: React.RefObject<HTMLElement | null>): { width: number; height: number } | null {
  const [available, setSizeOfContent] = useState<{ width: number; height: number } | null>(null);
  useLayoutEffect(() => {
    const element = of.current;
    if (!element) return undefined;
    // `contentRect` is without the padding.
    const watch = new ResizeObserver(([entry]) => {
      if (entry) setSizeOfContent({ width: entry.contentRect.width, height: entry.contentRect.height });
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, [of]);
  return available;
}

function useZoomKeys(keys: { readonly step: (factor: number) => void; readonly fit: () => void }): void {
  useKeyDown(({ key }) => {
    if (key === '+' || key === '=') keys.step(1.25);
    else if (key === '-') keys.step(1 / 1.25);
    else if (key === '0') keys.fit();
  }, '[role=slider]');
}
