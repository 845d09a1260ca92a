import { useKeyDown } from './use-key-down.ts';

/** Single-letter shortcuts, except in fields, menus and dialogs; Z also with Ctrl, as everywhere else. */
export function useLetters(does: Readonly<Record<string, () => void>>): void {
  useKeyDown((event) => {
    const key = event.key.toLowerCase();
    const act = Object.hasOwn(does, key) ? does[key] : undefined;
    if (!act) return;
    event.preventDefault();
    // Key repeat must not review the photos that follow.
    if (!event.repeat) act();
  });
}
