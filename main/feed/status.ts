import { ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { KeyRing } from './keys/ring.ts';
import { keyNames } from './notes.ts';
import { expiriesOf } from './renew.ts';
import type { Expiries } from './renew.ts';
import { fingerprintOf } from './sign.ts';
import { readFeed } from './state.ts';

export type FeedStatus = {
  readonly publisher: string;
  readonly fingerprint: string;
  readonly rootVersion: number;
  readonly expires: Expiries;
  readonly issuedAt: string;
  readonly roles: readonly {
    readonly role: 'root' | 'packs' | 'online';
    readonly threshold: number;
    readonly keys: readonly {
      readonly id: string;
      readonly name: string;
      /** Where the private half lies; null when it is not at hand. */
      readonly file: string | null;
    }[];
  }[];
};

/** Who may sign what, which of the keys are at hand, and until when everything is valid. */
export async function feedStatus(feed: string, keys: KeyRing | null): Promise<Outcome<FeedStatus>> {
  const read = await readFeed(feed);
  if (!read.ok) return read;
  const state = read.value;
  const names = keyNames(state.root);
  const roles = [
    { role: 'root', inside: 'root' },
    { role: 'packs', inside: 'targets' },
    { role: 'online', inside: 'timestamp' },
  ] as const;
  return ok({
    publisher: state.rootNotes.publisher,
    fingerprint: fingerprintOf(state.roots[0]!.signed),
    rootVersion: state.root.version,
    expires: expiriesOf(state),
    issuedAt: state.notes.issuedAt,
    roles: roles.map(({ role, inside }) => {
      const { keyIDs, threshold } = state.root.roles[inside]!;
      return {
        role,
        threshold,
        keys: keyIDs.map((id) => ({
          id,
          name: names.get(id) ?? id.slice(0, 8),
          file: keys?.atHand.find((key) => key.id === id)?.file ?? null,
        })),
      };
    }),
  });
}
