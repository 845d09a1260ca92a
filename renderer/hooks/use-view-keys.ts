import { squareShown } from '../state/try-page.ts';
import { useKeyDown } from './use-key-down.ts';

type ViewKeys = {
  readonly step: (by: 1 | -1) => void;
  /** Returns false when there was nothing to close. */
  readonly back: () => boolean | void;
};

/** Arrow keys, Esc and S while one photo is shown; text fields, sliders and open menus keep their own keys. */
export function useViewKeys(keys: ViewKeys): void {
  useKeyDown((event) => {
    if (event.key === 'ArrowRight') keys.step(1);
    else if (event.key === 'ArrowLeft') keys.step(-1);
    else if (event.key === 'Escape') {
      // A menu that is just opening has no focus yet, but Esc is meant for it.
      if (document.querySelector('[role=menu], [role=dialog]') || keys.back() === false) return;
    } else if (event.key === 's' || event.key === 'S') squareShown.set((shown) => !shown);
    else return;
    event.preventDefault();
  }, '[role=slider]');
}
