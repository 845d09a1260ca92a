import { ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { Lifetimes } from './dates.ts';
import { signingOf } from './change.ts';
import { publish, writeInOrder } from './publish.ts';
import { renewedRoot } from './rotate.ts';
import { changing } from './session.ts';
import type { FeedChange } from './session.ts';
import type { FeedState } from './state.ts';
import { readFeed } from './state.ts';
import { targetFiles } from './targets.ts';

type RenewOptions = FeedChange & {
  /** Days from now for each; a root is only signed again when its days are given. */
  readonly days?: Partial<Lifetimes>;
};
export type Expiries = Readonly<Record<keyof Lifetimes, string>>;

/**
 * Signs again with later dates: snapshot and timestamp always, the targets when the packs key is at hand or their days
 * are given, the root when its days are given.
 */
export function renew(options: RenewOptions): Promise<Outcome<Expiries>> {
  const { keys, days = {} } = options;
  return changing(options.feed, async ({ state }) => {
    const root = days.root === undefined ? null : await renewedRoot(state, days.root, { ...options });
    if (root && !root.ok) return root;
    const hasPacksKey = state.root.roles['targets']!.keyIDs.some((id) => keys.has(id));
    const withTargets = days.targets !== undefined || hasPacksKey;
    const onlyRoot = root !== null && Object.keys(days).length === 1;
    if (!onlyRoot) {
      const next = {
        days,
        ...(withTargets && { targets: { files: targetFiles(state.files.values()), notes: state.notes } }),
      };
      const published = await publish(state, next, signingOf(options));
      if (!published.ok) return published;
    }
    // The keys are the same: the order of the two cannot matter to a device.
    const written = root ? await writeInOrder(options.feed, [root.value]) : ok(undefined);
    if (!written.ok) return written;
    const now = await readFeed(options.feed);
    return now.ok ? ok(expiriesOf(now.value)) : now;
  });
}

export const expiriesOf = ({ root, targets, snapshot, timestamp }: FeedState): Expiries => ({
  root: root.expires,
  targets: targets.expires,
  snapshot: snapshot.expires,
  timestamp: timestamp.expires,
});
