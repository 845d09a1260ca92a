import { useEffect, useEffectEvent } from 'react';

/** Elements that handle letters and arrows themselves; a choice among buttons leaves Esc to what is around it. */
const fieldsOf = (key: string): string =>
  `${key === 'Escape' ? 'input:not([type=radio], [type=checkbox])' : 'input'}, textarea, [role=menu], [role=dialog]`;

/**
 * Calls `press` for each key that goes down anywhere in the window, but not with Ctrl, Cmd or Alt (Ctrl+Z is Z), not where another
 * handler took it (`defaultPrevented`), and not in fields, menus, dialogs and what else `reserved` selects.
 */
export function useKeyDown(press: (event: KeyboardEvent) => void, reserved?: string): void {
  const pressed = useEffectEvent((event: KeyboardEvent): void => {
    const withControl = event.ctrlKey || event.metaKey;
    if ((withControl && !isUndo(event)) || event.altKey || event.defaultPrevented) return;
    const fields = fieldsOf(event.key);
    const taken = reserved === undefined ? fields : `${fields}, ${reserved}`;
    if (event.target instanceof Element && event.target.closest(taken)) return;
    press(event);
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => pressed(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

const isUndo = ({ key, shiftKey }: KeyboardEvent): boolean => key.toLowerCase() === 'z' && !shiftKey;
