import { chmod, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Channel, PackTarget, blockmapTargetName, packTargetName } from '../../contract/lifecycle/feed.ts';
import { failed, fault, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { syncFolder } from '../lib/durable.ts';
import { writeOutpack } from '../packs/index.ts';
import type { Measure, PackStore, StagedPack } from '../packs/index.ts';
import { writeBlockmap } from './blockmap.ts';
import { signingOf } from './change.ts';
import { stamp } from './dates.ts';
import { diskFault } from './disk-fault.ts';
import { inFeed, targetFileName } from './layout.ts';
import { publish, publicMode } from './publish.ts';
import { changing } from './session.ts';
import type { FeedChange } from './session.ts';
import { signersFor } from './sign.ts';
import type { FeedState, Target } from './state.ts';
import { targetFiles } from './targets.ts';
import { makeFolders } from '../lib/make-folders.ts';

export type AddOptions = FeedChange & {
  /** Pack folders or `.outpack` files. */
  readonly packs: readonly string[];
  readonly channels?: readonly string[];
  /** Whole percent of devices that are offered it. */
  readonly staging?: number;
  readonly note?: string;
  readonly minimumApp?: string;
  /** Version of the Outpost that publishes: a pack made for a newer one is refused. */
  readonly appVersion: string;
};
export type Added = {
  readonly model: string;
  readonly custom: PackTarget;
  readonly size: number;
  /** Idempotent: the feed already has exactly this file. */
  readonly isKept: boolean;
};

/** Proves each pack as a device would, writes it and its blockmap, and signs them in one go. */
export function addPack(options: AddOptions): Promise<Outcome<readonly Added[]>> {
  return changing(
    options.feed,
    async ({ state, work }) => {
      const able = await canSign(state, options);
      if (!able.ok) return able;
      const files = new Map(state.files);
      const added: Added[] = [];
      for (const pack of options.packs) {
        const one = await addOne({ pack, work, files }, options);
        if (!one.ok) return one;
        added.push(one.value);
      }
      if (added.every(({ isKept }) => isKept)) return ok(added);
      const next = { targets: { files: targetFiles(files.values()), notes: state.notes } };
      const published = await publish(state, next, signingOf(options));
      return published.ok ? ok(added) : published;
    },
    options.appVersion,
  );
}

type Place = { readonly pack: string; readonly work: PackStore; readonly files: Map<string, Target> };

async function addOne({ pack, work, files }: Place, options: AddOptions): Promise<Outcome<Added>> {
  const isFolder = await stat(pack).then(
    (entry) => entry.isDirectory(),
    () => false,
  );
  const staged = await (isFolder ? work.stageFolder(pack) : work.stageArchive(pack));
  if (!staged.ok) return staged;
  try {
    const custom = describe(staged.value, options);
    if (!custom.ok) return custom;
    const { id, version, digest } = custom.value;
    const model = `${id}@${version}`;
    const path = packTargetName(id, version);
    const known = files.get(path);
    if (known?.custom.kind === 'pack') {
      if (known.custom.digest !== digest) return failed('feed-version-exists', { model });
      return ok({ model, custom: known.custom, size: known.length, isKept: true });
    }
    // The same pack gives the same archive on every device, which is what makes an installed one the basis of a delta.
    const draft = await work.stagingFile(`${id}-${version}.outpack`);
    const archive = await writeOutpack(staged.value, draft);
    if (!archive.ok) return archive;
    const blockmap = await writeBlockmap(draft, `${draft}.blockmap`);
    if (!blockmap.ok) return blockmap;
    const targets = [
      { draft, target: targetOf(path, archive.value, custom.value) },
      {
        draft: `${draft}.blockmap`,
        target: targetOf(blockmapTargetName(path), blockmap.value, { kind: 'blockmap', of: path }),
      },
    ];
    for (const each of targets) {
      const placed = await placeTarget(options.feed, each.draft, each.target);
      if (!placed.ok) return placed;
      files.set(each.target.path, each.target);
    }
    return ok({ model, custom: custom.value, size: archive.value.size, isKept: false });
  } finally {
    await work.discard(staged.value);
  }
}

function describe({ manifest, digest, sizeBytes }: StagedPack, options: AddOptions): Outcome<PackTarget> {
  const { channels = ['stable'], staging = 100, note = '', minimumApp, now = new Date() } = options;
  const parsed = PackTarget.safeParse({
    kind: 'pack',
    id: manifest.id,
    version: manifest.version,
    digest,
    title: manifest.title,
    summary: manifest.summary,
    licence: manifest.licence,
    unpackedSize: sizeBytes,
    note,
    channels,
    staging,
    minimumAppVersion: minimumApp ?? manifest.minimumAppVersion,
    publishedAt: stamp(now),
  });
  if (!Number.isInteger(staging)) return refuse('The percentage is a whole number from 0 to 100.');
  if (!channels.every((name) => Channel.safeParse(name).success))
    return refuse('A channel has a name in lower case, as in stable.');
  if (parsed.success) return ok(parsed.data);
  const [issue] = parsed.error.issues;
  return refuse(`${issue?.path.join('.') ?? 'Something'}: ${issue?.message ?? 'it does not fit'}.`);
}

const targetOf = (path: string, { size, sha256, sha512 }: Measure, custom: Target['custom']): Target => ({
  path,
  length: size,
  sha256,
  sha512: Buffer.from(sha512, 'base64').toString('hex'),
  custom,
});

/** Moves a finished file to where its digest says; nothing points there before the targets are signed. */
export async function placeTarget(feed: string, draft: string, target: Target): Promise<Outcome<void>> {
  const file = inFeed(feed, targetFileName(target.path, target.sha256));
  try {
    await makeFolders(dirname(file));
    await chmod(draft, publicMode);
    const handle = await open(draft, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    await syncFolder(dirname(file));
    return ok(undefined);
  } catch (error) {
    return diskFault(error, file);
  }
}

/** Checked first: a wrong passphrase must fail before hundreds of megabytes are read. */
async function canSign(state: FeedState, { keys }: FeedChange): Promise<Outcome<void>> {
  for (const role of ['targets', 'snapshot', 'timestamp'] as const) {
    const signers = await signersFor(state.root, role, keys);
    if (!signers.ok) return signers;
  }
  return ok(undefined);
}

const refuse = (reason: string): Outcome<never> => ({
  ok: false,
  fault: fault('usage', { reason, command: 'feed add' }),
});
