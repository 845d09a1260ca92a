import { randomUUID } from 'node:crypto';
import type { CallInput, CallOutput } from '../../contract/calls.ts';
import { ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import { refused } from '../store/index.ts';
import type { ConfirmedBefore, Store } from '../store/index.ts';

export type ItemConfirmations = {
  /** Confirms labels of many items of a run in one act. */
  confirmItems(
    asked: CallInput<'answers.confirmItems'>,
  ): Promise<Outcome<CallOutput<'answers.confirmItems'>>>;
  /** Takes the last act back; one before it stays. */
  takeBackItems(act: string): Promise<Outcome<void>>;
};
type Act = { readonly act: string; readonly at: string; readonly photos: readonly ConfirmedBefore[] };

/** Remembers what the last act changed, which may be ten thousand photos: the page has its name alone. */
export function createItemConfirmations(store: Store): ItemConfirmations {
  let last: Act | null = null;
  return {
    confirmItems: async (asked) => {
      const at = new Date().toISOString();
      const made = await store.confirmItems({ ...asked, at });
      if (!made) return refused(store);
      const { confirmed, photos } = made;
      const act = photos.length > 0 ? randomUUID() : null;
      if (act !== null) last = { act, at, photos };
      return ok({ act, confirmed, unanswered: asked.items.length - confirmed });
    },
    takeBackItems: async (act) => {
      if (last?.act !== act) return ok(undefined);
      if (!(await store.takeBackItems(last.photos, last.at))) return refused(store);
      last = null;
      return ok(undefined);
    },
  };
}
