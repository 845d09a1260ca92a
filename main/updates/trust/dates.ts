import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { FeedDates } from '../../../contract/lifecycle/update.ts';
import { roles } from './document.ts';
import type { Document } from './document.ts';
import type { FeedDocuments, Marks } from './ratchets.ts';

const leewayMs = 3_600_000;
const yearMs = 365 * 86_400_000;
const seenName = 'clock/seen';
const issuedName = (publisher: string): string => `${publisher}/issued`;

type DatesOptions = {
  readonly publisher: string;
  readonly now: Date;
  readonly known: Marks;
  /** The user saw the expiry dates and accepted them; false for feeds from the network. */
  readonly isConsented: boolean;
};

/** Checks that an otherwise valid feed has not expired, and that this computer's clock is plausible. */
export function validateDates(
  documents: FeedDocuments,
  { publisher, now, known, isConsented }: DatesOptions,
): Outcome<FeedDates> {
  const { issuedAt } = documents.targets.signed['x-outpost'];
  const issued = Date.parse(issuedAt);
  const lastSeen = Math.max(known[issuedName(publisher)] ?? 0, known[seenName] ?? 0);
  const earliest = Math.max(lastSeen, issued);
  const clock = now.getTime();
  if (clock < earliest - leewayMs)
    return failed('trust-clock-back', { now: iso(clock), seen: iso(earliest) });
  const first = roles.map((role): Document => documents[role]).toSorted(byExpiry)[0] as Document;
  const expires = expiryOf(first);
  const dates = { issuedAt, expiresAt: iso(expires), isExpired: clock >= expires };
  if (!dates.isExpired) return ok(dates);
  // Only metadata that was valid when it was signed can be accepted despite its expiry.
  if (isConsented && expires > issued) return ok(dates);
  if (clock - expires > yearMs && lastSeen > 0 && lastSeen < expires)
    return failed('trust-clock-ahead', { now: iso(clock), seen: iso(lastSeen) });
  return failed('trust-expired', { file: fileOf(first), expires: iso(expires), issued: issuedAt });
}

/** Ratchets to raise by these dates. An expired feed raises none: this computer's clock may be wrong. */
export function datesSeen(publisher: string, now: Date, dates: FeedDates): Marks {
  const issued = { [issuedName(publisher)]: Date.parse(dates.issuedAt) };
  return dates.isExpired ? issued : { ...issued, [seenName]: now.getTime() };
}

/** The file name in the feed, wherever it was read from. */
const fileOf = ({ role, signed }: Document): string =>
  role === 'timestamp' ? 'timestamp.json' : `${signed.version}.${role}.json`;
const expiryOf = (document: Document): number => Date.parse(document.signed.expires);
const byExpiry = (one: Document, other: Document): number => expiryOf(one) - expiryOf(other);
const iso = (at: number): string => new Date(at).toISOString();
