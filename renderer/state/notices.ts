import type { Fault } from '../../contract/faults/faults.ts';
import { cell } from './cell.ts';

/** The fault of an action that has no card of its own to show it in. */
export const notice = cell<Fault | null>(null);
/** A text of the page, `key` filled from `values`: put into words where it is shown, in the language of that moment. */
export type PageText = {
  readonly key: string;
  readonly values?: Readonly<Record<string, PageTextValue>>;
};
/** A function writes the value in a language. */
type PageTextValue = string | number | PageText | ((language: string) => string);
/** Feedback on the last action, shown until the next one, and how to undo it. */
export type Message = PageText & { readonly undo?: () => void };
export const message = cell<Message | null>(null);
/** Feedback that goes away after a few seconds: in the status bar, which is a live region for screen readers. */
export const announcement = cell<PageText | null>(null);
const shownMs = 6_000;
const clock = cell<ReturnType<typeof setTimeout> | undefined>(undefined);
export function announce(key: string, values?: PageText['values']): void {
  // Cleared first: a screen reader reads a live region only when its text changes.
  clearAnnouncement();
  clock.set(
    setTimeout(() => {
      announcement.set({ key, ...(values && { values }) });
      clock.set(setTimeout(() => announcement.set(null), shownMs));
    }, 50),
  );
}
/** Called when the next action starts: an announcement is about the previous one. */
export function clearAnnouncement(): void {
  clearTimeout(clock.get());
  announcement.set(null);
}
