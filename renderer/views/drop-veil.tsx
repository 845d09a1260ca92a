import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Corners } from '../parts/corners.tsx';
import { useCell } from '../state/cell.ts';
import { place } from '../state/place.ts';

/** The whole window takes what is dropped. */
export function DropVeil({ onFiles }: { readonly onFiles: (files: readonly File[]) => void }) {
  const { t } = useTranslation();
  const isOver = useDrop(onFiles);
  const at = useCell(place);
  if (!isOver) return null;
  return (
    <div className="drop-veil">
      <Corners />
      <p className="title">{t(at === 'models' ? 'models.dropHere' : 'try.dropHere')}</p>
    </div>
  );
}

function useDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [isOver, setIsOver] = useState(false);
  useEffect(() => {
    // dragleave also fires between children: only the last one out closes the veil.
    let depth = 0;
    const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;
    const enter = (event: DragEvent): void => {
      if (!hasFiles(event)) return;
      depth += 1;
      setIsOver(true);
    };
    const leave = (): void => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) setIsOver(false);
    };
    const over = (event: DragEvent): void => event.preventDefault();
    const drop = (event: DragEvent): void => {
      event.preventDefault();
      depth = 0;
      setIsOver(false);
      onFiles([...(event.dataTransfer?.files ?? [])]);
    };
    const stops = new AbortController();
    const { signal } = stops;
    window.addEventListener('dragenter', enter, { signal });
    window.addEventListener('dragleave', leave, { signal });
    window.addEventListener('dragover', over, { signal });
    window.addEventListener('drop', drop, { signal });
    return () => stops.abort();
  }, [onFiles]);
  return isOver;
}
