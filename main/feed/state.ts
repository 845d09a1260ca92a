import type { MetaFile, Metadata, Root, Snapshot, Targets, Timestamp } from '@tufjs/models';
import { targetName, targetPath } from '../../contract/lifecycle/feed.ts';
import type { FeedNotes, RootNotes, TargetCustom } from '../../contract/lifecycle/feed.ts';
import { failed, fault, ok } from '../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import { clientReason } from '../../contract/faults/reasons.ts';
import { verifySignatures } from './verify-signatures.ts';
import { snapshotName, targetsName, timestampName } from './layout.ts';
import { readMetadata } from './metadata-file.ts';
import type { Read } from './metadata-file.ts';
import { readCustom, readFeedNotes, readRootNotes } from './notes.ts';
import { readRoots } from './roots.ts';
import type { RoleName } from './sign.ts';

export type Target = {
  readonly path: string;
  readonly length: number;
  readonly sha256: string;
  readonly sha512: string;
  readonly custom: TargetCustom;
};

/** A feed whose signatures, versions and digests all hold together. Dates are not judged: an old feed can be renewed. */
export type FeedState = {
  readonly folder: string;
  readonly roots: readonly Metadata<Root>[];
  readonly root: Root;
  readonly rootNotes: RootNotes;
  readonly timestamp: Timestamp;
  readonly snapshot: Snapshot;
  readonly targets: Targets;
  readonly notes: FeedNotes;
  readonly files: ReadonlyMap<string, Target>;
};
type Examined = { readonly state: FeedState | null; readonly faults: readonly Fault[] };

/** The feed in this folder, for somebody who wants to go on with it. */
export async function readFeed(folder: string): Promise<Outcome<FeedState>> {
  const { state, faults } = await examineFeed(folder);
  const [first] = faults;
  if (first?.code === 'feed-not-found') return { ok: false, fault: first };
  if (!state || first)
    return failed('feed-invalid', {
      folder,
      reason: first?.message.replace(/\.$/u, '') ?? 'it is not whole',
    });
  return ok(state);
}

/** Reads all metadata and says everything that is wrong with it; targets' bytes are not looked at. */
export async function examineFeed(folder: string, timestampFile = timestampName): Promise<Examined> {
  const chain = await readRoots(folder);
  const faults: Fault[] = [...chain.faults];
  const root = chain.roots.at(-1)?.signed;
  const rootNotes = root && readRootNotes(root);
  if (!root || !rootNotes?.success) return { state: null, faults };
  const earlier = chain.roots.slice(0, -1).map(({ signed }) => signed);
  const verify = <R extends Exclude<RoleName, 'root'>>(role: R, read: Outcome<Read<R>>): Read<R> | null => {
    if (!read.ok) {
      faults.push(read.fault);
      return null;
    }
    const { file, metadata } = read.value;
    const verdict = verifySignatures(metadata, { file, role }, { root, earlier });
    if (verdict) faults.push(verdict);
    return read.value;
  };
  const timestamp = verify('timestamp', await readMetadata(folder, timestampFile, 'timestamp'));
  if (!timestamp) return { state: null, faults };
  const { snapshotMeta } = timestamp.metadata.signed;
  const snapshot = verify(
    'snapshot',
    await readMetadata(folder, snapshotName(snapshotMeta.version), 'snapshot'),
  );
  if (!snapshot) return { state: null, faults };
  faults.push(...compare(snapshot, snapshotMeta));
  const targetsMeta = snapshot.metadata.signed.meta['targets.json'];
  if (!targetsMeta) {
    faults.push(
      fault('trust-malformed', {
        file: snapshot.file,
        reason: clientReason('it does not name targets.json'),
      }),
    );
    return { state: null, faults };
  }
  const targets = verify('targets', await readMetadata(folder, targetsName(targetsMeta.version), 'targets'));
  if (!targets) return { state: null, faults };
  faults.push(...compare(targets, targetsMeta));
  const content = readContent(targets);
  faults.push(...content.faults);
  if (!content.notes) return { state: null, faults };
  return {
    state: {
      folder,
      roots: chain.roots,
      root,
      rootNotes: rootNotes.data,
      timestamp: timestamp.metadata.signed,
      snapshot: snapshot.metadata.signed,
      targets: targets.metadata.signed,
      notes: content.notes,
      files: content.files,
    },
    faults,
  };
}

/** A file must be what the file above it says. */
function compare({ file, bytes, metadata }: Read<'snapshot' | 'targets'>, meta: MetaFile): readonly Fault[] {
  const faults: Fault[] = [];
  if (meta.length !== undefined && meta.length !== bytes.byteLength)
    faults.push(fault('trust-digest', { file, what: clientReason('length') }));
  else {
    try {
      meta.verify(bytes);
    } catch {
      faults.push(fault('trust-digest', { file, what: clientReason('sha256') }));
    }
  }
  const { version } = metadata.signed;
  if (version !== meta.version)
    faults.push(
      fault('trust-malformed', { file, reason: clientReason(`it says that it is version ${version}`) }),
    );
  return faults;
}

function readContent({ file, metadata }: Read<'targets'>) {
  const faults: Fault[] = [];
  const files = new Map<string, Target>();
  const notes = readFeedNotes(metadata.signed);
  if (!notes.success)
    faults.push(fault('trust-malformed', { file, reason: clientReason('x-outpost is not as it must be') }));
  for (const [path, target] of Object.entries(metadata.signed.targets)) {
    const custom = readCustom(target);
    const { sha256, sha512 } = target.hashes;
    const isNamed = custom.success && path === targetName(custom.data);
    if (!isNamed || sha256 === undefined || sha512 === undefined || targetPath(path, sha256) === null)
      faults.push(
        fault('trust-malformed', { file, reason: clientReason(`its target ${path} is not as it must be`) }),
      );
    else files.set(path, { path, length: target.length, sha256, sha512, custom: custom.data });
  }
  return { faults, files, notes: notes.success ? notes.data : null };
}
