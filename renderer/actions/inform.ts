import { message, notice } from '../state/notices.ts';
import type { Message } from '../state/notices.ts';

/** Shows a message above the screen, in place of the one before. */
export function inform(shown: Message): void {
  notice.set(null);
  message.set(shown);
}

/** Takes away the message and the fault of the last act. */
export function clearNotices(): void {
  notice.set(null);
  message.set(null);
}

export function undo(): void {
  const { undo: takeBack } = message.get() ?? {};
  message.set(null);
  takeBack?.();
}
