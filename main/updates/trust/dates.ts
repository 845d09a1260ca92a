import { failed, ok } from '../../../contract/faults.ts';
import type { Outcome } from '../../../contract/faults.ts';
import type { FeedDates } from '../../../contract/update.ts';
import { roles } from './document.ts';
import type { Document } from './document.ts';
import type { FeedDocuments, Marks } from './ratchets.ts';

const leewayMs = 3_600_000;
const yearMs = 365 * 86_400_000;
export const seenName = 'clock/seen';
export const issuedName = (publisher: string): string => `${publisher}/issued`;

export type DatesOptions = {
  readonly publisher: string;
  readonly now: Date;
  readonly known: Marks;
  /** A person saw the dates and goes on; false for what comes from the network. */
  readonly isConsented: boolean;
};

/** Whether a feed that is sound otherwise is in date, and whether this computer's clock can be believed. */
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
  // Consent goes for what was in date once, at the time at which it was signed.
  if (isConsented && expires > issued) return ok(dates);
  if (clock - expires > yearMs && lastSeen > 0 && lastSeen < expires)
    return failed('trust-clock-ahead', { now: iso(clock), seen: iso(lastSeen) });
  return failed('trust-expired', { file: fileOf(first), expires: iso(expires), issued: issuedAt });
}

/** What these dates teach. A time at which the feed was expired teaches nothing: the clock may be what is wrong. */
export function datesSeen(publisher: string, now: Date, dates: FeedDates): Marks {
  const issued = { [issuedName(publisher)]: Date.parse(dates.issuedAt) };
  return dates.isExpired ? issued : { ...issued, [seenName]: now.getTime() };
}

/** As it is called in the feed, wherever it was read. */
const fileOf = ({ role, signed }: Document): string =>
  role === 'timestamp' ? 'timestamp.json' : `${signed.version}.${role}.json`;
const expiryOf = (document: Document): number => Date.parse(document.signed.expires);
const byExpiry = (one: Document, other: Document): number => expiryOf(one) - expiryOf(other);
const iso = (at: number): string => new Date(at).toISOString();
