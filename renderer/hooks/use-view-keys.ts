import { useEffect, useEffectEvent } from 'react';
import { squareShown } from '../state/trial.ts';

export type ViewKeys = {
  readonly step: (by: 1 | -1) => void;
  /** Returns false when there was nothing to close. */
  readonly back: () => boolean | void;
};

/** Arrow keys, Esc and S while one photo is shown; text fields, sliders and open menus keep their own keys. */
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
      // A menu that is just opening has no focus yet, but Esc is meant for it.
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
