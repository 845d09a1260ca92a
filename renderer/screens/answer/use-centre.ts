import { useLayoutEffect, useRef } from 'react';
import type { RefObject } from 'react';

type Shares = { readonly x: number; readonly y: number };

/**
 * Keeps the same point of the photo in the middle of the well across a change of scale. Call the returned function before
 * the change; a new `scale` triggers the scrolling after it.
 */
export function useCentre(well: RefObject<HTMLElement | null>, scale: number | null): () => void {
  const middle = useRef<Shares | null>(null);
  useLayoutEffect(() => {
    const element = well.current;
    const photo = element?.querySelector('.photo')?.getBoundingClientRect();
    const at = middle.current;
    middle.current = null;
    if (!element || !photo || !at) return;
    const { x, y } = centreOf(element);
    element.scrollBy(photo.left + at.x * photo.width - x, photo.top + at.y * photo.height - y);
  }, [well, scale]);
  return () => {
    const element = well.current;
    const photo = element?.querySelector('.photo')?.getBoundingClientRect();
    if (!element || !photo?.width || !photo.height) return;
    const { x, y } = centreOf(element);
    middle.current = { x: (x - photo.left) / photo.width, y: (y - photo.top) / photo.height };
  };
}

function centreOf(element: HTMLElement): Shares {
  const { left, top } = element.getBoundingClientRect();
  return { x: left + element.clientWidth / 2, y: top + element.clientHeight / 2 };
}
