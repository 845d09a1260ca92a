import { findServed } from '../../../contract/serving/find-served.ts';
import type { ServedState, ServedVersion } from '../../../contract/serving/serving.ts';
import type { OpenedServing, Serving } from '../../serving/index.ts';
import type { Asking } from '../asking.ts';
import type { AskArbiter, Changed, SharedStatus } from '../messages.ts';

/** Serves requests in this worker; load, unload and state over all workers go through the arbiter. */
export function shareServing(
  own: OpenedServing,
  arbiter: Pick<Asking<AskArbiter>, 'ask'>,
): { serving: Serving; become(status: SharedStatus): void } {
  let status: SharedStatus | null = null;
  let states = new Map<string, ServedState>();
  let of: readonly ServedVersion[] = [];
  let known: readonly ServedVersion[] | null = null;
  /** A version loaded in any worker is reported as loaded: any worker may get the next request. */
  const catalogue = (): readonly ServedVersion[] => {
    const now = own.catalogue();
    if (known && of === now) return known;
    of = now;
    known = now.map((served) => {
      const { kind } = served.state;
      const other = states.get(served.ref);
      const isElsewhere = (kind === 'unloaded' || kind === 'loading') && other?.kind === 'available';
      return isElsewhere ? { ...served, state: other } : served;
    });
    return known;
  };
  return {
    become: (next) => {
      status = next;
      states = new Map(next.models);
      known = null;
    },
    serving: {
      ...own,
      catalogue,
      find: (ask) => findServed(catalogue(), ask),
      status: () => ({ ...own.status(), ...status }),
      load: async ({ ref }) => (await arbiter.ask({ kind: 'load', ref })) as Changed,
      unload: async (model) => (await arbiter.ask({ kind: 'unload', model })) as Changed,
      resize: () => undefined,
    },
  };
}
