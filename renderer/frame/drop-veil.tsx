import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Corners } from '../parts/corners.tsx';
import { useCell } from '../state/cell.ts';
import { draggingOut } from '../state/file-menu.ts';
import { place } from '../state/navigation.ts';

/** Accepts drops on the whole window and covers it while files are dragged over it. */
export function DropVeil({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const { t } = useTranslation();
  const isOver = useDrop(onFiles);
  const at = useCell(place);
  if (!isOver) return null;
  return (
    <div className="drop-veil">
      <Corners />
      <p className="title">
        {t(at === 'models' ? 'models.dropHere' : at === 'runs' ? 'newRun.dropHere' : 'try.dropHere')}
      </p>
    </div>
  );
}

/** Chromium fires `dragover` several times a second: silence means that the drag ended outside the window. */
const silenceMs = 500;

/*
 * An element that is removed under the pointer never fires `dragleave`, so enter and leave events are not counted: the
 * veil is shown while `dragover` events arrive, and any event that cannot happen during a drag hides it.
 */
function useDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    let silence: ReturnType<typeof setTimeout> | undefined;
    const close = (): void => {
      clearTimeout(silence);
      setIsOver(false);
    };
    const over = (event: DragEvent): void => {
      // A photo that is dragged out and dropped on the window again must not replace what is shown.
      if (draggingOut.get()) return;
      event.preventDefault();
      if (!(event.dataTransfer?.types.includes('Files') ?? false)) return;
      setIsOver(true);
      clearTimeout(silence);
      silence = setTimeout(close, silenceMs);
    };
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) close();
    };
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      close();
      if (draggingOut.get()) return;
      onFiles([...(event.dataTransfer?.files ?? [])]);
    };
    // Pointer events are fired again only when no drag is in progress.
    const moved = (): void => {
      draggingOut.set(false);
      close();
    };
    const press = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') close();
    };
    const stops = new AbortController();
    const { signal } = stops;
    window.addEventListener('dragenter', over, { signal });
    window.addEventListener('dragover', over, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('drop', drop, { signal });
    window.addEventListener('pointermove', moved, { signal });
    window.addEventListener('keydown', press, { signal });
    return () => {
      clearTimeout(silence);
      stops.abort();
    };
  }, [onFiles]);
  return isOver;
}
