import { createHash } from 'node:crypto';
import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import { digestOf } from './canonical.ts';
import { roles } from './document.ts';
import type { Document, Role, Signed } from './document.ts';

/*
 * Numbers that only go up, kept in two places besides the metadata, so that losing any one of them resets nothing:
 *
 *   <publisher>/root                     version of the root
 *   <publisher>/<role>/<epoch>           version of timestamp, snapshot, targets
 *   <publisher>/issued                   newest signed time
 *   <publisher>/model/<epoch>/<ref>      1 for a version that was installed from this publisher
 *   clock/seen                           latest time at which a feed was valid
 *
 * An epoch is the set of keys that may sign a role: after a rotation counting starts anew, so that a stolen key that ran
 * the versions up cannot lock out the publisher. Each version carries 20 bits of the content's digest behind it, so that
 * one number also tells whether the same version came with other bytes.
 */
export type Marks = Readonly<Record<string, number>>;

const digestSpan = 2 ** 20;

export type FeedDocuments = { readonly [R in Role]: Document<R> };

export const markOf = (document: Document): number =>
  document.signed.version * digestSpan + Number.parseInt(digestOf(document).slice(0, 5), 16);
export const versionOfMark = (mark: number): number => Math.floor(mark / digestSpan);

/** The ratchet name for the version of a role. */
export function markName(publisher: string, role: Role, root: Signed<'root'>): string {
  return role === 'root' ? `${publisher}/root` : `${publisher}/${role}/${epochOf(root, role)}`;
}

export function epochOf(root: Signed<'root'>, role: Role): string {
  const keyids = [...new Set(root.roles[role].keyids)].sort().join('\n');
  return createHash('sha256').update(keyids).digest('hex').slice(0, 12);
}

/** The ratchets of documents that were verified together. */
export function marksOf(publisher: string, documents: FeedDocuments): Marks {
  const root = documents.root.signed;
  return Object.fromEntries(roles.map((role) => [markName(publisher, role, root), markOf(documents[role])]));
}

/**
 * The fault of a version older than the one seen, or the same with other content; null when it is the same or newer.
 */
export function verifyMark(document: Document, known: number | undefined): Fault | null {
  if (known === undefined) return null;
  const { version } = document.signed;
  const seen = versionOfMark(known);
  if (version < seen)
    return document.role === 'root'
      ? fault('trust-root-rollback', { version, seen })
      : fault('trust-rollback', { file: document.file, version, seen });
  return version === seen && markOf(document) !== known
    ? fault('trust-mix', { file: document.file, version })
    : null;
}

export function greater(one: Marks, other: Marks): Marks {
  const both: Record<string, number> = { ...one };
  for (const [name, value] of Object.entries(other)) both[name] = Math.max(both[name] ?? value, value);
  return both;
}
