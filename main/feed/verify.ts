import { readFile } from 'node:fs/promises';
import { fault } from '../../contract/faults/faults.ts';
import type { Fault } from '../../contract/faults/faults.ts';
import { clientReason } from '../../contract/faults/reasons.ts';
import { blockmapSize, parseBlockmap, readOutpackHead } from '../packs/index.ts';
import { stamp } from './dates.ts';
import { inFeed, rootName, snapshotName, targetFileName, targetsName, timestampName } from './layout.ts';
import { measure } from './measure.ts';
import { examineFeed } from './state.ts';
import type { FeedState, Target } from './state.ts';

type VerifyOptions = { readonly feed: string; readonly appVersion: string; readonly now?: Date };
type FeedReport = {
  readonly roots: number;
  readonly targets: number;
  readonly packs: number;
  readonly bytes: number;
  /** Everything that is wrong; none: a device that trusts the first root takes this feed. */
  readonly faults: readonly Fault[];
};

/** Walks all of it: every signature, threshold, version, digest, size and date, and every target's bytes. */
export async function verifyFeed(options: VerifyOptions): Promise<FeedReport> {
  const { feed, now = new Date() } = options;
  const { state, faults: found } = await examineFeed(feed);
  if (!state) return { roots: 0, targets: 0, packs: 0, bytes: 0, faults: found };
  const faults = [...found, ...expired(state, now)];
  let [packs, bytes] = [0, 0];
  for (const target of state.files.values()) {
    if (target.custom.kind === 'pack') packs += 1;
    bytes += target.length;
    faults.push(...(await verifyTarget(state, target, options)));
  }
  return { roots: state.roots.length, targets: state.files.size, packs, bytes, faults };
}

/** What the bytes of a target are, against what the signed metadata says of them. */
export async function verifyTarget(
  state: FeedState,
  target: Target,
  { appVersion }: { readonly appVersion: string },
): Promise<readonly Fault[]> {
  const name = targetFileName(target.path, target.sha256);
  const file = inFeed(state.folder, name);
  const found = await measure(file);
  if (!found) return [fault('trust-target-missing', { file: name })];
  if (found.size !== target.length)
    return [fault('trust-digest', { file: name, what: clientReason('length') })];
  for (const what of ['sha256', 'sha512'] as const)
    if (found[what] !== target[what])
      return [fault('trust-digest', { file: name, what: clientReason(what) })];
  const { custom } = target;
  if (custom.kind === 'blockmap') return verifyBlockmap({ file, name }, state.files.get(custom.of));
  if (custom.kind === 'app') return [];
  const head = await readOutpackHead(file, { appVersion });
  // A pack made for a newer Outpost is sound all the same.
  if (!head.ok) return head.fault.code === 'pack-app-too-old' ? [] : [head.fault];
  const { manifest, digest } = head.value;
  const isSame = manifest.id === custom.id && manifest.version === custom.version && digest === custom.digest;
  return isSame ? [] : [fault('trust-digest', { file: name, what: clientReason('manifest') })];
}

async function verifyBlockmap(
  { file, name }: { readonly file: string; readonly name: string },
  pack: Target | undefined,
): Promise<readonly Fault[]> {
  if (!pack)
    return [fault('trust-malformed', { file: name, reason: clientReason('there is no pack for it') })];
  const map = parseBlockmap(await readFile(file), name);
  if (!map.ok) return [map.fault];
  return blockmapSize(map.value) === pack.length
    ? []
    : [fault('trust-digest', { file: name, what: clientReason('length') })];
}

export function expired(state: FeedState, now: Date): readonly Fault[] {
  const dated = [
    { file: rootName(state.root.version), expires: state.root.expires },
    { file: targetsName(state.targets.version), expires: state.targets.expires },
    { file: snapshotName(state.snapshot.version), expires: state.snapshot.expires },
    { file: timestampName, expires: state.timestamp.expires },
  ];
  return dated
    .filter(({ expires }) => !(Date.parse(expires) > now.getTime()))
    .map(({ file, expires }) =>
      fault('trust-expired', {
        file,
        expires: Number.isNaN(Date.parse(expires)) ? expires : stamp(new Date(expires)),
      }),
    );
}
