import { createHash } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { MetaFile, Metadata, Root, Snapshot, Targets, Timestamp } from '@tufjs/models';
import type { TargetFile } from '@tufjs/models';
import { metadataLimitBytes } from '../../contract/lifecycle/feed.ts';
import type { FeedNotes } from '../../contract/lifecycle/feed.ts';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { syncFolder, writeDurably } from '../lib/durable.ts';
import { defaultDays, expiry, issuing } from './dates.ts';
import type { Lifetimes } from './dates.ts';
import { diskFault } from './disk-fault.ts';
import type { KeyRing, Signer } from './keys/ring.ts';
import {
  inFeed,
  metadataFolder,
  nextTimestampName,
  snapshotName,
  targetsName,
  timestampName,
} from './layout.ts';
import { withNotes } from './notes.ts';
import { fileBytes, signersFor, signWith } from './sign.ts';
import type { Content, RoleName } from './sign.ts';
import type { FeedState } from './state.ts';

export const publicMode = 0o644;

type Next = {
  /** Absent: the targets stay as they are, signature and all. */
  readonly targets?: { readonly files: Readonly<Record<string, TargetFile>>; readonly notes: FeedNotes };
  readonly days?: Partial<Lifetimes>;
  /** A root that follows the newest one, whole and signed. */
  readonly root?: { readonly file: string; readonly metadata: Metadata<Root> };
};
type Signing = { readonly keys: KeyRing; readonly now: Date };

/**
 * Signs what follows and writes it so that a kill at any point leaves a feed that verifies:
 *
 *   N.targets ──> N.snapshot ──> timestamp ──> (N.root)       the timestamp satisfies the old root and the new one
 *   N.targets ──> N.snapshot ──> timestamp.next ──> N.root ──> timestamp      an old key is lost: see `finishPublishing`
 *
 * Nothing is written before everything is signed.
 */
export async function publish(state: FeedState, next: Next, { keys, now }: Signing): Promise<Outcome<void>> {
  const issuedAt = issuing(now, state.notes.issuedAt);
  if (!issuedAt.ok) return issuedAt;
  const root = next.root?.metadata.signed ?? state.root;
  const signers = await allSigners({ now: root, before: state.root }, keys, next.targets !== undefined);
  if (!signers.ok) return signers;
  const { online, packs, isBridged } = signers.value;
  const writes: { name: string; bytes: Buffer }[] = [];
  const until = (role: Exclude<RoleName, 'root'>): string =>
    expiry(now, next.days?.[role], { days: defaultDays[role], before: state[role].expires });

  let targetsMeta = state.snapshot.meta['targets.json']!;
  if (next.targets) {
    const version = state.targets.version + 1;
    const content = new Targets({
      version,
      specVersion: state.targets.specVersion,
      expires: until('targets'),
      targets: { ...next.targets.files },
      unrecognizedFields: withNotes({ ...next.targets.notes, issuedAt: issuedAt.value }),
    });
    const bytes = fileBytes(signWith<Content>(content, packs));
    if (bytes.byteLength > metadataLimitBytes)
      return failed('feed-invalid', {
        folder: state.folder,
        reason: `its targets would take ${bytes.byteLength} bytes; devices read ${metadataLimitBytes}`,
      });
    writes.push({ name: targetsName(version), bytes });
    targetsMeta = metaOf(version, bytes);
  }
  const snapshotVersion = state.snapshot.version + 1;
  const snapshot = new Snapshot({
    version: snapshotVersion,
    specVersion: state.snapshot.specVersion,
    expires: until('snapshot'),
    meta: { 'targets.json': targetsMeta },
  });
  const snapshotBytes = fileBytes(signWith<Content>(snapshot, online.snapshot));
  writes.push({ name: snapshotName(snapshotVersion), bytes: snapshotBytes });
  const timestamp = new Timestamp({
    version: state.timestamp.version + 1,
    specVersion: state.timestamp.specVersion,
    expires: until('timestamp'),
    snapshotMeta: metaOf(snapshotVersion, snapshotBytes),
  });
  const last = { name: timestampName, bytes: fileBytes(signWith<Content>(timestamp, online.timestamp)) };
  const rootWrite = next.root && { name: next.root.file, bytes: fileBytes(next.root.metadata) };
  if (!rootWrite) return writeInOrder(state.folder, [...writes, last]);
  if (isBridged) return writeInOrder(state.folder, [...writes, last, rootWrite]);
  const written = await writeInOrder(state.folder, [
    ...writes,
    { ...last, name: nextTimestampName },
    rootWrite,
  ]);
  return written.ok ? adoptTimestamp(state.folder) : written;
}

/** After this the feed shows what `timestamp.next.json` stands for. */
export async function adoptTimestamp(feed: string): Promise<Outcome<void>> {
  try {
    await rename(inFeed(feed, nextTimestampName), inFeed(feed, timestampName));
    await syncFolder(inFeed(feed, metadataFolder));
    return ok(undefined);
  } catch (error) {
    return diskFault(error, inFeed(feed, timestampName));
  }
}

export const dropNextTimestamp = (feed: string): Promise<void> =>
  rm(inFeed(feed, nextTimestampName), { force: true });

export async function writeInOrder(
  feed: string,
  writes: readonly { readonly name: string; readonly bytes: Buffer }[],
): Promise<Outcome<void>> {
  for (const { name, bytes } of writes) {
    try {
      await writeDurably(inFeed(feed, name), bytes, publicMode);
    } catch (error) {
      return diskFault(error, inFeed(feed, name));
    }
  }
  return ok(undefined);
}

export const metaOf = (version: number, bytes: Buffer): MetaFile =>
  new MetaFile({
    version,
    length: bytes.byteLength,
    hashes: { sha256: createHash('sha256').update(bytes).digest('hex') },
  });

type AllSigners = {
  readonly packs: readonly Signer[];
  readonly online: { readonly snapshot: readonly Signer[]; readonly timestamp: readonly Signer[] };
  /** What they sign also satisfies the root before. */
  readonly isBridged: boolean;
};

async function allSigners(
  roots: { readonly now: Root; readonly before: Root },
  keys: KeyRing,
  withTargets: boolean,
): Promise<Outcome<AllSigners>> {
  let isBridged = true;
  const gather = async (role: RoleName): Promise<Outcome<readonly Signer[]>> => {
    const signers = await signersFor(roots.now, role, keys);
    if (!signers.ok || roots.now === roots.before) return signers;
    const old = await signersFor(roots.before, role, keys);
    if (!old.ok) isBridged = false;
    const all = [...signers.value, ...(old.ok ? old.value : [])];
    return ok(all.filter((each, at) => all.findIndex(({ id }) => id === each.id) === at));
  };
  const packs = withTargets ? await gather('targets') : ok([]);
  if (!packs.ok) return packs;
  const snapshot = await gather('snapshot');
  if (!snapshot.ok) return snapshot;
  const timestamp = await gather('timestamp');
  if (!timestamp.ok) return timestamp;
  return ok({
    packs: packs.value,
    online: { snapshot: snapshot.value, timestamp: timestamp.value },
    isBridged,
  });
}
