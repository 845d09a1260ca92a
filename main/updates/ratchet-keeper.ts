import type { Outcome } from '../../contract/faults/faults.ts';
import { ok } from '../../contract/faults/faults.ts';
import type { RatchetKeeper } from './types.ts';

type Copy = {
  ratchets(): Promise<Readonly<Record<string, number>>>;
};
type Copies = {
  readonly store: Copy & { raiseRatchets(values: Readonly<Record<string, number>>): Promise<boolean> };
  readonly packStore: Copy & {
    raiseRatchets(values: Readonly<Record<string, number>>): Promise<Outcome<void>>;
  };
};

/** Keeps ratchets in both copies: the higher value counts, and it suffices that one copy can be written. */
export function twoCopies({ store, packStore }: Copies): RatchetKeeper {
  return {
    read: async () => {
      const [one, other] = await Promise.all([store.ratchets(), packStore.ratchets()]);
      const greatest: Record<string, number> = { ...one };
      for (const [name, value] of Object.entries(other))
        greatest[name] = Math.max(greatest[name] ?? value, value);
      return greatest;
    },
    raise: async (values) => {
      const isStored = await store.raiseRatchets(values);
      const beside = await packStore.raiseRatchets(values);
      return isStored ? ok(undefined) : beside;
    },
  };
}
