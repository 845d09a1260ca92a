import { failed, fault, ok } from '../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import { reason } from '../../contract/faults/reasons.ts';
import type { CanaryReport } from '../../contract/lifecycle/lifecycle.ts';
import { compareVersions } from '../packs/index.ts';
import type { LifecycleChange } from '../store/index.ts';
import type { VersionName } from './types.ts';
import { changing, nextPointer } from './change.ts';
import type { LifecycleParts } from './parts.ts';
import { proveForSwitch } from './prove.ts';
import { isHere } from './versions/index.ts';
import type { Move } from './versions/index.ts';

/**
 * Makes a version the active one. Its workers are loaded first, then one transaction and the pointer follow. Requests
 * planned before are still answered by the version they were planned with.
 */
export async function switchTo(parts: LifecycleParts, name: VersionName): Promise<Outcome<void>> {
  const { registry, engine } = parts;
  const { model, version } = name;
  const ref = `${model}@${version}`;
  const record = registry.get(model, version);
  if (!record || !isHere(record.state)) return failed('version-not-installed', { model: ref });
  const denial = registry.denied(model, version)?.fault;
  if (denial?.code === 'version-revoked') return { ok: false, fault: denial };
  const proved = await proveForSwitch(parts, ref);
  if (!proved.ok) return proved;
  const warm = await engine.warm(ref);
  if (!warm.ok) return warm;
  const { canaryShare, canaryItems } = await parts.settings();
  return changing(parts, async () => {
    const pointer = registry.pointer(model);
    const isWatched = canaryItems > 0 && pointer !== null && pointer.active !== version;
    const watch: CanaryReport = {
      model,
      version,
      share: canaryShare,
      answered: 0,
      faults: 0,
      of: canaryItems,
      medianMs: null,
      budgetMs: null,
    };
    const isShared = isWatched && canaryShare < 1;
    const changes = isShared ? canaryChanges(parts, name) : activation(parts, name, { isPinnedToo: true });
    if (!changes.ok) return changes;
    const also: LifecycleChange[] = [
      isWatched ? { kind: 'canary', report: watch } : { kind: 'end-canary', model },
      { kind: 'undeny', model, version },
    ];
    const written = await registry.commit([...changes.value, ...also]);
    if (!written.ok) return written;
    engine.unwatch(model);
    if (isWatched) engine.watch(watch, pointer.active);
    return ok(undefined);
  });
}

/**
 * Rolls back to the previous version at once, without checking whether the newer one still loads. With a version, only
 * if that one is still active: another process may already have rolled it back.
 */
export async function rollBack(
  parts: LifecycleParts,
  { model, version: meant }: { readonly model: string; readonly version?: string },
  why: Fault | null,
): Promise<Outcome<void>> {
  const { registry, engine } = parts;
  const done = await changing(parts, async () => {
    const pointer = registry.pointer(model);
    if (!pointer) return failed('model-not-found', { model });
    // A canary is ended by itself; the active version never stopped answering.
    const isShared = meant === undefined ? pointer.canary !== null : pointer.canary === meant;
    const version = isShared ? pointer.canary : pointer.active;
    const target = isShared ? pointer.active : soundTarget(parts, { model, version: pointer.active });
    if (version === null || (meant !== undefined && version !== meant)) return ok(undefined);
    if (target === null) return failed('no-previous', { model });
    const left = registry.get(model, version);
    const back = registry.get(model, target);
    if (!left || !back) return failed('no-previous', { model });
    const denial =
      why ?? fault('version-denied', { model: `${model}@${version}`, reason: reason('by-hand') });
    const leaving =
      !why && left.state.kind === 'installed'
        ? []
        : registry.moved(left, why ? { kind: 'fail', fault: why } : leavingMove(left.state.kind));
    const returning = isShared ? [] : registry.moved(back, { kind: 'activate' });
    if (!leaving || !returning)
      return failed('lifecycle-step', { model: left.version, state: reason(`state-${left.state.kind}`) });
    const next = nextPointer(pointer, {
      active: target,
      previous: isShared ? pointer.previous : olderThan(parts, { model, version: target }, version),
      canary: null,
    });
    const written = await registry.commit(
      [
        ...leaving,
        ...returning,
        ...previousChanges(parts, model, next.previous),
        { kind: 'pointer', model, pointer: next },
        { kind: 'deny', denied: { model, version, fault: denial, at: new Date().toISOString() } },
        { kind: 'end-canary', model },
        ...unpinned(parts, model, target),
      ],
      'even-unwritten',
    );
    engine.unwatch(model);
    return written;
  });
  // Its workers may still be loaded; otherwise they load in the background before the next request.
  if (done.ok) void engine.warm(model);
  return done;
}

/** Rolls back a version that failed its canary, and logs the outcome. */
export async function takeBack(parts: LifecycleParts, name: VersionName, why: Fault): Promise<void> {
  const ref = `${name.model}@${name.version}`;
  parts.log('error', `${ref} is taken back: ${why.message}`);
  const back = await rollBack(parts, name, why);
  if (!back.ok) parts.log('error', `${ref} stays, since ${back.fault.message}`);
}

/** The previous version, unless its publisher revoked it: then the newest older one that is sound. */
function soundTarget(parts: LifecycleParts, { model, version }: VersionName): string | null {
  const { registry } = parts;
  const previous = registry.pointer(model)?.previous ?? null;
  const isRevoked = previous !== null && registry.denied(model, previous)?.fault.code === 'version-revoked';
  return isRevoked ? olderThan(parts, { model, version }, version) : previous;
}

/** Makes a canary that has proved itself the active version for all requests. */
export function promote(parts: LifecycleParts, name: VersionName): Promise<Outcome<void>> {
  return changing(parts, async () => {
    const pointer = parts.registry.pointer(name.model);
    const changes =
      pointer?.canary === name.version ? activation(parts, name, { isPinnedToo: false }) : ok([]);
    if (!changes.ok) return changes;
    return parts.registry.commit([...changes.value, { kind: 'end-canary', model: name.model }]);
  });
}

/** The records, events and pointer that make a version active. */
export function activation(
  { registry }: LifecycleParts,
  { model, version }: VersionName,
  { isPinnedToo }: { readonly isPinnedToo: boolean },
): Outcome<readonly LifecycleChange[]> {
  const ref = `${model}@${version}`;
  const record = registry.get(model, version);
  const arriving = record && registry.moved(record, { kind: 'activate' });
  if (!arriving)
    return failed('lifecycle-step', {
      model: ref,
      state: reason(record ? `state-${record.state.kind}` : 'state-not-here'),
    });
  const pointer = registry.pointer(model);
  // Choosing the active version again keeps the previous one.
  const before = pointer && pointer.active !== version ? pointer.active : (pointer?.previous ?? null);
  const changes: LifecycleChange[] = [...arriving];
  for (const other of registry.of(model)) {
    if (other.version === version) continue;
    const kind = other.version === before ? 'retire' : 'replace';
    const moves = other.state.kind === 'active' || other.state.kind === 'previous';
    const left = moves ? registry.moved(other, { kind }) : null;
    // A version that failed while it was active keeps that reason.
    if (left && !(kind === 'retire' && other.state.kind === 'previous')) changes.push(...left);
  }
  changes.push({
    kind: 'pointer',
    model,
    pointer: nextPointer(pointer ?? { ...none, seq: registry.number(model), active: version }, {
      active: version,
      previous: before,
      canary: null,
    }),
  });
  const policy = registry.policy(model);
  if (isPinnedToo && policy.kind === 'specific' && policy.version !== version)
    changes.push({ kind: 'policy', model, policy: { kind: 'specific', version } });
  return ok(changes);
}

const none = { previous: null, canary: null };

function canaryChanges(
  { registry }: LifecycleParts,
  { model, version }: VersionName,
): Outcome<readonly LifecycleChange[]> {
  const record = registry.get(model, version);
  const moved = record && registry.moved(record, { kind: 'try', phase: 'canary' });
  const pointer = registry.pointer(model);
  if (!moved || !pointer)
    return failed('lifecycle-step', {
      model: `${model}@${version}`,
      state: reason(record ? `state-${record.state.kind}` : 'state-not-here'),
    });
  const next = nextPointer(pointer, {
    active: pointer.active,
    previous: pointer.previous === version ? null : pointer.previous,
    canary: version,
  });
  return ok([...moved, { kind: 'pointer', model, pointer: next }]);
}

const leavingMove = (state: string): Move => (state === 'on-trial' ? { kind: 'keep' } : { kind: 'replace' });

/** The newest sound installed version that is older than the one that becomes active again: the next step back. */
function olderThan(
  { registry }: LifecycleParts,
  { model, version: active }: VersionName,
  left: string,
): string | null {
  return (
    registry
      .of(model)
      .filter(({ version, state }) => isHere(state) && version !== active && version !== left)
      .filter(
        ({ version }) => registry.denied(model, version) === null && compareVersions(version, active) < 0,
      )
      .map(({ version }) => version)
      .sort((one, other) => compareVersions(other, one))[0] ?? null
  );
}

function previousChanges(
  { registry }: LifecycleParts,
  model: string,
  previous: string | null,
): readonly LifecycleChange[] {
  const record = previous === null ? null : registry.get(model, previous);
  if (!record || record.state.kind === 'previous') return [];
  return [
    {
      kind: 'version',
      record: { ...record, state: { kind: 'previous' }, changedAt: new Date().toISOString() },
    },
  ];
}

function unpinned({ registry }: LifecycleParts, model: string, version: string): readonly LifecycleChange[] {
  const policy = registry.policy(model);
  return policy.kind === 'specific' ? [{ kind: 'policy', model, policy: { kind: 'specific', version } }] : [];
}
