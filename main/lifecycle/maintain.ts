import { rm } from 'node:fs/promises';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { reason } from '../../contract/faults/reasons.ts';
import type { VersionPolicy } from '../../contract/lifecycle/lifecycle.ts';
import type { UpdateSource } from '../../contract/lifecycle/update.ts';
import { openDraft } from '../lib/output-file.ts';
import { compareVersions, diskFault } from '../packs/index.ts';
import type { VersionName } from './types.ts';
import type { LifecycleChange } from '../store/index.ts';
import { changing, move, nextPointer } from './change.ts';
import type { GetHooks } from './install/index.ts';
import { machineFactsOf } from './install/index.ts';
import type { LifecycleParts } from './parts.ts';
import { isHere } from './versions/index.ts';
import { switchTo } from './swap.ts';

/** Sets the policy; pinning to a version that is not active switches to it. */
export async function setPolicy(
  parts: LifecycleParts,
  model: string,
  policy: VersionPolicy,
): Promise<Outcome<void>> {
  const { registry } = parts;
  if (!registry.pointer(model)) return failed('model-not-found', { model });
  const isElsewhere = policy.kind === 'specific' && policy.version !== registry.pointer(model)?.active;
  if (isElsewhere) {
    const switched = await switchTo(parts, { model, version: policy.version });
    if (!switched.ok) return switched;
  }
  return changing(parts, () => registry.commit([{ kind: 'policy', model, policy }]));
}

export async function removeVersion(parts: LifecycleParts, name: VersionName): Promise<Outcome<void>> {
  const { registry, packStore, library } = parts;
  const ref = `${name.model}@${name.version}`;
  const pointer = registry.pointer(name.model);
  if (pointer?.active === name.version || pointer?.canary === name.version)
    return failed('version-in-use', { model: ref });
  const pack = library.list().find((each) => each.ref === ref);
  if (!pack) return failed('version-not-installed', { model: ref });
  if (pack.trust === 'built-in')
    return failed('lifecycle-step', { model: ref, state: reason('state-part-of-outpost') });
  const [whole] = library.usersOf(pack);
  if (whole) return failed('version-is-part', { model: ref, whole: whole.ref });
  return changing(parts, async () => {
    const swept = await move(parts, name, { move: { kind: 'sweep' } });
    if (!swept.ok) return swept;
    const removed = await packStore.remove(name.model, name.version);
    await registry.refresh();
    return removed;
  });
}

/**
 * Removes versions beyond the number to keep, oldest first; never the active, previous, pinned, tried or built-in one.
 */
export async function sweepOld(parts: LifecycleParts, model: string): Promise<void> {
  const { registry, library } = parts;
  if (registry.policy(model).kind === 'all') return;
  const { keepVersions } = await parts.settings();
  const builtIn = new Set(
    library
      .list()
      .filter(({ trust }) => trust === 'built-in')
      .map(({ ref }) => ref),
  );
  const here = registry
    .of(model)
    .filter(({ state }) => isHere(state))
    .sort((one, other) => compareVersions(other.version, one.version));
  const policy = registry.policy(model);
  const old = here.slice(keepVersions).filter(({ state }) => state.kind === 'installed');
  // A failed version needs no files: its reason is in the history.
  const failed = registry.of(model).filter(({ state }) => state.kind === 'failed');
  for (const { version } of [...old, ...failed]) {
    const isPinned = policy.kind === 'specific' && policy.version === version;
    const isOnDisk = library.list().some(({ ref }) => ref === `${model}@${version}`);
    if (isOnDisk && !isPinned && !builtIn.has(`${model}@${version}`))
      await removeVersion(parts, { model, version });
  }
}

/** Downloads the installed version again, after checking that the feed's one is the same pack. */
export async function repairVersion(
  parts: LifecycleParts,
  { name, source }: { readonly name: VersionName; readonly source: UpdateSource },
  hooks: GetHooks,
): Promise<Outcome<void>> {
  const { fetcher, registry, packStore, library } = parts;
  const ref = `${name.model}@${name.version}`;
  const record = registry.get(name.model, name.version);
  if (!record?.digest) return failed('version-not-installed', { model: ref });
  if (!fetcher) return failed('feed-none');
  const here = await machineFactsOf(parts);
  const checked = await fetcher.check({ source, here, wanted: name }, { signal: hooks.signal });
  if (!checked.ok) return checked;
  const offer = checked.value.offers.find(
    (each) => each.model === name.model && each.version === name.version,
  );
  if (!offer || offer.digest !== record.digest) return failed('trust-target-missing', { file: ref });
  const archive = await packStore.stagingFile(`${name.model}-${name.version}.outpack`);
  try {
    const fetched = await fetcher.fetch({
      source,
      offer,
      to: archive,
      basis: null,
      byHand: true,
      onProgress: (progress) => hooks.onFetch(progress, name),
      signal: hooks.signal,
    });
    if (!fetched.ok) return fetched;
    const staged = await packStore.stageArchive(archive, { signal: hooks.signal });
    if (!staged.ok) return staged;
    const { origin, signer, addedAt } = record;
    const receipt = { digest: staged.value.digest, origin, signer, installedAt: addedAt };
    return await changing(parts, async () => {
      const placed = await packStore.place(staged.value, receipt);
      await library.scan();
      await registry.refresh();
      return placed.ok ? ok(undefined) : placed;
    });
  } finally {
    hooks.onFetch(null, name);
    await rm(archive, { force: true });
  }
}

export async function exportVersion(
  { library, packStore }: LifecycleParts,
  { model, version }: VersionName,
  file: string,
): Promise<Outcome<{ readonly size: number }>> {
  const pack = library.find(`${model}@${version}`);
  if (!pack.ok) return pack;
  const proved = await library.prove(pack.value);
  if (!proved.ok) return proved;
  try {
    const draft = await openDraft(file);
    try {
      const written = await packStore.writeArchive(pack.value.folder, draft.file);
      if (!written.ok) return written;
      await draft.keep();
      return ok({ size: written.value.size });
    } finally {
      await draft.discard();
    }
  } catch (error) {
    return diskFault(error, file);
  }
}

/** Ends a trial, also of a version that already answers a share of the requests as canary. */
export function keepCurrent(parts: LifecycleParts, name: VersionName): Promise<Outcome<void>> {
  const { registry, engine } = parts;
  return changing(parts, async () => {
    const pointer = registry.pointer(name.model);
    const also: LifecycleChange[] =
      pointer?.canary === name.version
        ? [
            {
              kind: 'pointer',
              model: name.model,
              pointer: nextPointer(pointer, { active: pointer.active, canary: null }),
            },
            { kind: 'end-canary', model: name.model },
          ]
        : [];
    const moved = await move(parts, name, { move: { kind: 'keep' }, also });
    if (moved.ok && also.length > 0) engine.unwatch(name.model);
    return moved.ok ? ok(undefined) : moved;
  });
}
