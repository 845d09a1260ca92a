import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';

export type Lifetimes = {
  readonly root: number;
  readonly targets: number;
  readonly snapshot: number;
  readonly timestamp: number;
};

/**
 * For how many days each signature is good. An officer signs by hand and a stick may travel for weeks, so the short ones
 * leave room for a monthly `feed renew` with two weeks to spare; that is also how long a feed that somebody holds back
 * can pass for new.
 */
export const defaultDays: Lifetimes = { root: 365, targets: 120, snapshot: 45, timestamp: 45 };

const dayMs = 86_400_000;
/** Accepted clock skew between computers of one publisher. */
const mostSkewMs = dayMs;

/** Seconds in UTC, as The Update Framework has them. */
export const stamp = (date: Date): string => date.toISOString().replace(/\.\d+Z$/u, 'Z');

/** Days asked for are taken as they are; a default never makes a date earlier than it was. */
export function expiry(
  now: Date,
  days: number | undefined,
  usual: { days: number; before?: string },
): string {
  if (days !== undefined) return stamp(new Date(now.getTime() + days * dayMs));
  const fresh = stamp(new Date(now.getTime() + usual.days * dayMs));
  return usual.before !== undefined && Date.parse(usual.before) > Date.parse(fresh) ? usual.before : fresh;
}

/** When this is issued: never before what was issued last. A clock that is wrong by more than a day signs nothing. */
export function issuing(now: Date, last: string): Outcome<string> {
  const lastMs = Date.parse(last);
  if (lastMs - now.getTime() > mostSkewMs)
    return failed('trust-clock-back', { now: stamp(now), seen: stamp(new Date(lastMs)) });
  return ok(stamp(new Date(Math.max(now.getTime(), lastMs))));
}
