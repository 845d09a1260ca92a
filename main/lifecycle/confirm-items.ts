import { randomUUID } from 'node:crypto';
import type { CallInput, CallOutput } from '../../contract/calls/calls.ts';
import { ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
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
/** `portions`: what each transaction changed, in their order. */
type Act = {
  readonly act: string;
  readonly at: string;
  readonly portions: readonly (readonly ConfirmedBefore[])[];
};

/** Items of one transaction: a quarter of a million in one would keep a run that goes on waiting for seconds. */
const portionItems = 10_000;

/** Remembers what the last act changed, which may be all photos of a run: the page has its name alone. */
export function createItemConfirmations(store: Store): ItemConfirmations {
  let last: Act | null = null;
  /** False where the disk refuses; what is taken back twice stays as it is the second time. */
  const takeBack = async ({ portions, at }: Omit<Act, 'act'>): Promise<boolean> => {
    // oxlint-disable-next-line no-await-in-loop -- in turn: other writes go between them
    for (const photos of portions.toReversed()) if (!(await store.takeBackItems(photos, at))) return false;
    return true;
  };
  return {
    confirmItems: async ({ items, ...asked }) => {
      const at = new Date().toISOString();
      const portions: (readonly ConfirmedBefore[])[] = [];
      let confirmed = 0;
      for (let from = 0; from < items.length; from += portionItems) {
        const portion = items.slice(from, from + portionItems);
        // oxlint-disable-next-line no-await-in-loop -- in turn: other writes go between them
        const made = await store.confirmItems({ ...asked, items: portion, at });
        if (!made) {
          await takeBack({ portions, at });
          return refused(store);
        }
        confirmed += made.confirmed;
        if (made.photos.length > 0) portions.push(made.photos);
      }
      const act = portions.length > 0 ? randomUUID() : null;
      if (act !== null) last = { act, at, portions };
      return ok({ act, confirmed, unanswered: items.length - confirmed });
    },
    takeBackItems: async (act) => {
      if (last?.act !== act) return ok(undefined);
      if (!(await takeBack(last))) return refused(store);
      last = null;
      return ok(undefined);
    },
  };
}
