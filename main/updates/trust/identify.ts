import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { MetadataSource } from '../sources/source.ts';
import { digestOf } from './canonical.ts';
import { limitOf, parseDocument } from './document.ts';
import type { Document } from './document.ts';
import { readSaved } from './saved-metadata.ts';
import type { SavedMetadata } from './saved-metadata.ts';
import type { Publisher } from './publisher.ts';
import { verifySignatures } from './signatures.ts';

export type Identified = { readonly publisher: Publisher; readonly saved: SavedMetadata };
type Options = { readonly signal: AbortSignal };
type ReadRoot = (version: number) => Promise<Outcome<Document<'root'> | null>>;

/** Finds the publisher of a feed by its roots; `feed-untrusted` when no trusted publisher signed one. */
export async function identify(
  source: MetadataSource,
  publishers: readonly Publisher[],
  { signal }: Options,
): Promise<Outcome<Identified>> {
  const read = rootReader(source, signal);
  for (const publisher of publishers) {
    const saved = await readSaved(publisher);
    const match = await verifyRoots(read, { publisher, saved });
    if (!match.ok) return match;
    if (match.value) return ok({ publisher, saved });
  }
  const timestamp = await source.readMetadata('timestamp.json', { limitBytes: limitOf('timestamp'), signal });
  if (!timestamp.ok) return timestamp;
  return timestamp.value === null
    ? failed('feed-not-found', { feed: source.name, file: 'metadata/timestamp.json' })
    : failed('feed-untrusted', { feed: source.name, publisher: await namedIn(read) });
}

/** Number of roots that are searched for the publisher's name; the oldest may be missing. */
const rootsAsked = 8;
/** The publisher's name according to the feed. It is unverified and for display only. */
async function namedIn(read: ReadRoot): Promise<string> {
  for (let version = 1; version <= rootsAsked; version += 1) {
    const root = await read(version);
    if (root.ok && root.value) return root.value.signed['x-outpost'].publisher;
  }
  return 'none';
}

/** True when the feed has this publisher's root; a fault when it has another one with the same version. */
async function verifyRoots(read: ReadRoot, { publisher, saved }: Identified): Promise<Outcome<boolean>> {
  const { first } = publisher;
  const newest = await read(saved.root.signed.version);
  if (!newest.ok) return newest;
  if (newest.value && digestOf(newest.value) === digestOf(saved.root)) return ok(true);
  const origin = saved.root === first ? newest : await read(first.signed.version);
  if (!origin.ok) return origin;
  if (origin.value && digestOf(origin.value) === publisher.fingerprint)
    return newest.value ? verifyOther(newest.value, saved) : rollback(read, { publisher, saved });
  if (newest.value) {
    const wrong = verifyOther(newest.value, saved);
    // Signed by unknown keys only: another publisher's feed.
    return !wrong.ok && wrong.fault.code === 'trust-wrong-key' ? ok(false) : wrong;
  }
  // Old roots are missing from the feed; the signatures of the next one show whose it is.
  const next = await read(saved.root.signed.version + 1);
  if (!next.ok) return next;
  return ok(next.value !== null && !verifySignatures(next.value, { root: saved.root.signed, older: [] }));
}

/** A root with the version of the trusted one but other content. */
function verifyOther(found: Document<'root'>, { root, older }: SavedMetadata): Outcome<never> {
  const past = older.map((each) => each.signed);
  const wrong = verifySignatures(found, { root: root.signed, older: past });
  return wrong
    ? { ok: false, fault: wrong }
    : failed('trust-mix', { file: found.file, version: found.signed.version });
}

/** The chain of roots ends before the newest root already seen. */
async function rollback(read: ReadRoot, { publisher, saved }: Identified): Promise<Outcome<never>> {
  const seen = saved.root.signed.version;
  let version = publisher.first.signed.version;
  while (version + 1 < seen) {
    const next = await read(version + 1);
    if (!next.ok) return next;
    if (!next.value) break;
    version += 1;
  }
  return failed('trust-root-rollback', { version, seen });
}

function rootReader(source: MetadataSource, signal: AbortSignal): ReadRoot {
  const known = new Map<number, Outcome<Document<'root'> | null>>();
  return async (version) => {
    const before = known.get(version);
    if (before) return before;
    const file = `${version}.root.json`;
    const bytes = await source.readMetadata(file, { limitBytes: limitOf('root'), signal });
    const root =
      bytes.ok && bytes.value !== null ? parseDocument('root', { file, bytes: bytes.value }) : bytes;
    const outcome = root as Outcome<Document<'root'> | null>;
    known.set(version, outcome);
    return outcome;
  };
}
