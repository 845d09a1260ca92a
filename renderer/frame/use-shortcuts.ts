import { useEffect } from 'react';
import { pasteFiles } from '../actions/pick-files.ts';
import { acts, shortcutOf } from '../actions/shortcuts.ts';

/** Keys that work everywhere except in text fields, and in dialogs, which come first. */
export function useShortcuts(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const shortcut = shortcutOf(event);
      if (!shortcut) return selectRowsOnly(event);
      const { target } = event;
      const isWriting = isField(target, 'input:not([type=radio], [type=checkbox]), textarea');
      if (isWriting && !shortcut.isEverywhere) return;
      // Otherwise the menu bar, which has the same accelerators, would handle it again.
      event.preventDefault();
      if (!(target instanceof Element && target.closest('[role=dialog]'))) acts[shortcut.act]();
    };
    const paste = (event: ClipboardEvent): void => {
      if (isField(event.target, 'input, textarea')) return;
      event.preventDefault();
      void pasteFiles();
    };
    window.addEventListener('keydown', press);
    window.addEventListener('paste', paste);
    return () => {
      window.removeEventListener('keydown', press);
      window.removeEventListener('paste', paste);
    };
  }, []);
}

/** Ctrl+A would select the whole page; it is kept for text fields and readable text. */
function selectRowsOnly(event: KeyboardEvent): void {
  if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'a') return;
  if (!isField(event.target, 'input, textarea')) event.preventDefault();
}

const isField = (target: EventTarget | null, selector: string): boolean =>
  target instanceof HTMLElement && target.matches(selector);
