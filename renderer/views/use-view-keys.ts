import { useEffect, useRef } from 'react';
import { squareShown } from '../state/trial.ts';

export type ViewKeys = { readonly step: (by: 1 | -1) => void; readonly back: () => void };

/** Arrow keys, Esc and S while one photo is shown; fields, sliders and open menus keep theirs. */
export function useViewKeys(keys: ViewKeys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const { target } = event;
      if (
        target instanceof Element &&
        target.closest('input, textarea, [role=slider], [role=menu], [role=dialog]')
      )
        return;
      if (event.key === 'ArrowRight') latest.current.step(1);
      else if (event.key === 'ArrowLeft') latest.current.step(-1);
      else if (event.key === 'Escape') latest.current.back();
      else if (event.key === 's' || event.key === 'S') squareShown.set((shown) => !shown);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
