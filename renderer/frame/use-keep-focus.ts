import { useEffect } from 'react';
import { canFocus, standOf, successor } from './focus-successor.ts';
import type { Stand } from './focus-successor.ts';

/** Dialogs and menus move the focus themselves shortly after they open or close. */
const settleMs = 60;
const remembered = 12;

/**
 * Keeps the keyboard focus from being lost: when the focused element is removed or disabled, its successor gets the
 * focus. A user who clears the focus by clicking on empty space keeps it so until another view is shown.
 */
export function useKeepFocus(): void {
  useEffect(() => {
    let stands: Stand[] = [];
    let parkedFor: HTMLElement | null = null;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let view = shownView();

    const isLost = (): boolean => {
      const { activeElement } = document;
      return !activeElement || activeElement === document.body || activeElement.matches(':disabled');
    };
    const settle = (): void => {
      timer = undefined;
      const isOtherView = view !== shownView();
      view = shownView();
      if (parkedFor && canFocus(parkedFor)) return parkedFor.focus({ preventScroll: true });
      const isParked = parkedFor !== null && !parkedFor.isConnected;
      if (!isLost() && !isParked) return;
      const newest = stands[0]?.element;
      // Disabled while its action runs: keep the place until it is enabled again or replaced.
      if (newest?.isConnected && newest.matches(':disabled') && !isOtherView) return park(newest);
      if (stands.length === 0 && !isOtherView) return;
      const next =
        successor(stands) ?? successor([standOf(document.querySelector('main > *') ?? document.body)]);
      next?.focus({ preventScroll: next.matches('main') });
    };
    const park = (element: HTMLElement): void => {
      parkedFor = element;
      const holder = element.closest<HTMLElement>('[role=dialog], main');
      holder?.focus({ preventScroll: true });
    };
    const plan = (): void => {
      if (isLost() || parkedFor !== null) timer ??= setTimeout(settle, settleMs);
    };
    const gained = ({ target }: FocusEvent): void => {
      if (!(target instanceof HTMLElement)) return;
      view = shownView();
      if (parkedFor !== null && target.matches('[role=dialog], main')) return;
      parkedFor = null;
      stands = [standOf(target), ...stands.filter(({ element }) => element !== target)].slice(0, remembered);
    };
    const letGo = ({ target }: FocusEvent): void => {
      const wasPressed = pressed;
      setTimeout(() => {
        if (wasPressed && isLost() && target instanceof HTMLElement && canFocus(target)) stands = [];
        else plan();
      }, 0);
    };
    let pressed = false;
    const press = (event: Event): void => void (pressed = event.type === 'pointerdown');

    const watch = new MutationObserver(plan);
    watch.observe(document.body, {
      childList: true,
      subtree: true,
      attributes: true,
      attributeFilter: ['disabled'],
    });
    document.addEventListener('focusin', gained);
    document.addEventListener('focusout', letGo);
    for (const kind of ['pointerdown', 'pointerup', 'keydown'] as const)
      document.addEventListener(kind, press, true);
    return () => {
      watch.disconnect();
      clearTimeout(timer);
      document.removeEventListener('focusin', gained);
      document.removeEventListener('focusout', letGo);
      for (const kind of ['pointerdown', 'pointerup', 'keydown'] as const)
        document.removeEventListener(kind, press, true);
    };
  }, []);
}

const shownView = (): Element | null => document.querySelector('main > *');
