import { useEffect, useEffectEvent } from 'react';
import { squareShown } from '../state/trial.ts';

export type ViewKeys = {
  readonly step: (by: 1 | -1) => void;
  /** False when there was nothing to close. */
  readonly back: () => boolean | void;
};

/** Arrow keys, Esc and S while one photo is shown; fields, sliders and open menus keep theirs. */
export function useViewKeys(keys: ViewKeys): void {
  const press = useEffectEvent((event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const { target } = event;
    if (
      target instanceof Element &&
      target.closest('input, textarea, [role=slider], [role=menu], [role=dialog]')
    )
      return;
    if (event.key === 'ArrowRight') keys.step(1);
    else if (event.key === 'ArrowLeft') keys.step(-1);
    else if (event.key === 'Escape') {
      // A menu that is opening has no focus yet, and is what Esc is meant for.
      if (document.querySelector('[role=menu], [role=dialog]') || keys.back() === false) return;
    } else if (event.key === 's' || event.key === 'S') squareShown.set((shown) => !shown);
    else return;
    event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => press(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
