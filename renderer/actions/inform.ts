import { message, notice } from '../state/place.ts';
import type { Message } from '../state/place.ts';

/** Says something above the view; it replaces what stood there. */
export function inform(words: Message): void {
  notice.set(null);
  message.set(words);
}

/** Nothing of the last act is left to be said. */
export function clearNotices(): void {
  notice.set(null);
  message.set(null);
}

export function undo(): void {
  const { undo: takeBack } = message.get() ?? {};
  message.set(null);
  takeBack?.();
}
