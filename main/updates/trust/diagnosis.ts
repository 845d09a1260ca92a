import { createHash } from 'node:crypto';
import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import { reason, type Reason } from '../../../contract/faults/reasons.ts';
import type { Document, Role } from './document.ts';
import { verifyMark, markName, versionOfMark } from './ratchets.ts';
import type { FeedDocuments, Marks } from './ratchets.ts';
import { verifySignatures } from './signatures.ts';

/** The documents that a verification had read when it ended. */
export type Evidence = {
  readonly publisher: string;
  /** The root that was trusted before. */
  readonly trusted: Document<'root'>;
  readonly older: readonly Document<'root'>[];
  /** New roots that were read, in order. */
  readonly walked: readonly Document<'root'>[];
  readonly rest: Partial<Omit<FeedDocuments, 'root'>>;
  /** Roles in `rest` that were reused from the last verification. */
  readonly reused: readonly Role[];
  readonly known: Marks;
};

/*
 * Verifies every document of a run again and says what is wrong first, by its own name: the library says no, but in words
 * that no table has. It also refuses what the library lets pass: one key under two ids, and other bytes for a version
 * that was seen. Dates are judged elsewhere.
 */

/** Verifies the chain of roots: each is signed by its predecessor and by itself, and no version is missing. */
export function verifyRoots({ trusted, older, walked }: Evidence): Fault | null {
  let past = older.map((each) => each.signed);
  let last = trusted;
  for (const next of walked) {
    const [from, to] = [last.signed.version, next.signed.version];
    if (to <= from) return fault('trust-root-rollback', { version: to, seen: from });
    if (to > from + 1) return fault('trust-root-gap', { from, to });
    const wrong =
      verifySignatures(next, { root: last.signed, older: past }) ??
      verifySignatures(next, { root: next.signed, older: [...past, last.signed] });
    if (wrong) return wrong;
    past = [...past, last.signed];
    last = next;
  }
  return null;
}

/** Verifies timestamp, snapshot and targets under the newest root, as far as they were read. */
export function verifyRest(evidence: Evidence): Fault | null {
  const { publisher, trusted, older, walked, rest, known } = evidence;
  const root = walked.at(-1) ?? trusted;
  const past = [...older, trusted, ...walked].filter((each) => each !== root).map((each) => each.signed);
  const authority = { root: root.signed, older: past };
  const mark = (role: Role): number | undefined => known[markName(publisher, role, root.signed)];
  const validate = (document: Document): Fault | null =>
    verifySignatures(document, authority) ?? verifyMark(document, mark(document.role));
  const fits = (document: Document, meta: Meta): Fault | null =>
    verifyFit(document, meta, evidence.reused.includes(document.role));

  const { timestamp, snapshot, targets } = rest;
  const wrongRoot = verifyMark(root, mark('root'));
  if (wrongRoot || !timestamp) return wrongRoot;
  const promisedSnapshot = timestamp.signed.meta['snapshot.json'];
  const wrongTimestamp = validate(timestamp) ?? verifyPromise('snapshot', promisedSnapshot, mark('snapshot'));
  if (wrongTimestamp || !snapshot) return wrongTimestamp;
  const promisedTargets = snapshot.signed.meta['targets.json'];
  const wrongSnapshot =
    validate(snapshot) ??
    fits(snapshot, promisedSnapshot) ??
    verifyPromise('targets', promisedTargets, mark('targets'));
  if (wrongSnapshot || !targets) return wrongSnapshot;
  return validate(targets) ?? fits(targets, promisedTargets);
}

type Meta = {
  readonly version: number;
  readonly length?: number | undefined;
  readonly hashes?: Readonly<Record<string, string>> | undefined;
};

/** A signed file that refers to a version of the next file older than the one already seen. */
function verifyPromise(role: Role, { version }: Meta, mark: number | undefined): Fault | null {
  const seen = mark === undefined ? 0 : versionOfMark(mark);
  return version < seen ? fault('trust-rollback', { file: `${version}.${role}.json`, version, seen }) : null;
}

/** Checks that a file matches the description in its parent. */
function verifyFit({ file, bytes, signed }: Document, meta: Meta, isReused: boolean): Fault | null {
  const differs = (what: Reason): Fault =>
    // The saved document was valid: the feed now describes the same version differently.
    isReused ? fault('trust-mix', { file, version: signed.version }) : fault('trust-digest', { file, what });
  if (signed.version !== meta.version) return differs(reason('the-version'));
  if (meta.length !== undefined && meta.length !== bytes.byteLength) return differs(reason('the-length'));
  for (const [algorithm, hash] of Object.entries(meta.hashes ?? {})) {
    if (algorithm !== 'sha256' && algorithm !== 'sha512') continue;
    if (createHash(algorithm).update(bytes).digest('hex') !== hash.toLowerCase())
      return differs(reason('name', { name: algorithm.toUpperCase().replace('SHA', 'SHA-') }));
  }
  return null;
}
