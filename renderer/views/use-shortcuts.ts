import { useEffect } from 'react';
import { chooseFiles, pasteFiles } from '../actions/pick-files.ts';
import { goTo } from '../actions/move.ts';
import { keysOpen, places } from '../state/place.ts';

/** Keys that work everywhere, apart from fields where they write. */
export function useShortcuts(): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const isWriting =
        event.target instanceof HTMLElement && event.target.matches('input:not([type=radio]), textarea');
      const withControl = event.ctrlKey || event.metaKey;
      if (withControl && event.key.toLowerCase() === 'o') {
        event.preventDefault();
        void chooseFiles(event.shiftKey ? 'folder' : 'photos');
      } else if (withControl && places[Number(event.key) - 1]) {
        event.preventDefault();
        goTo(places[Number(event.key) - 1] ?? 'try');
      } else if (!isWriting && !withControl && event.key === '?') keysOpen.set(true);
    };
    const paste = (event: ClipboardEvent): void => {
      if (event.target instanceof HTMLElement && event.target.matches('input, textarea')) return;
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
