import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { reason } from '../../contract/faults/reasons.ts';
import type { Pointer, VersionRecord } from '../../contract/lifecycle/lifecycle.ts';
import type { LifecycleChange } from '../store/index.ts';
import type { VersionName } from './types.ts';
import type { LifecycleParts } from './parts.ts';
import type { Move } from './versions/index.ts';

/** Runs a change under the lock between processes, after refreshing the registry from disk and store. */
export const changing = <T>(
  { registry }: Pick<LifecycleParts, 'registry'>,
  work: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> => registry.locked(work);

/** One transition of one version, in one transaction with its related changes. The caller must hold the lock. */
export async function move(
  { registry }: Pick<LifecycleParts, 'registry'>,
  { model, version }: VersionName,
  { move: wanted, also = [] }: { readonly move: Move; readonly also?: readonly LifecycleChange[] },
): Promise<Outcome<VersionRecord>> {
  const record = registry.get(model, version);
  if (!record) return failed('version-not-installed', { model: `${model}@${version}` });
  const changes = registry.moved(record, wanted);
  if (!changes)
    return failed('lifecycle-step', {
      model: `${model}@${version}`,
      state: reason(`state-${record.state.kind}`),
    });
  const written = await registry.commit([...changes, ...also]);
  return written.ok ? ok(registry.get(model, version) ?? record) : written;
}

/** As `move`, but takes the lock itself. */
export const moveAlone = (
  parts: LifecycleParts,
  name: VersionName,
  what: Parameters<typeof move>[2],
): Promise<Outcome<VersionRecord>> => changing(parts, () => move(parts, name, what));

/** The pointer after a change, with the next sequence number. */
export function nextPointer(
  now: Pointer | null,
  change: Partial<Pointer> & { readonly active: string },
): Pointer {
  return { previous: null, canary: null, ...now, ...change, seq: (now?.seq ?? 0) + 1 };
}
