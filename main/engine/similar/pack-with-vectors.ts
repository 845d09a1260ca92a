import { failed } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import { takesPictures } from '../../../contract/tasks/index.ts';
import type { Library, Pack } from '../../packs/index.ts';

/** The model that was named, else the one in use, else the first that has feature vectors. */
export function packWithVectors(
  { library, chosen }: { readonly library: Library; readonly chosen: () => string | null },
  named: string | undefined,
): Outcome<Pack> {
  if (named !== undefined) {
    const pack = library.find(named);
    return !pack.ok || hasVectors(pack.value) ? pack : noVectors(pack.value);
  }
  const inUse = chosen();
  const preferred = inUse === null ? null : library.find(inUse);
  if (preferred?.ok && hasVectors(preferred.value)) return preferred;
  const first = library.list().find(hasVectors);
  // The lifecycle decides which version is active.
  return first
    ? library.find(first.manifest.id)
    : failed('no-feature-vectors', { reason: reason('no-vectors-here') });
}

const hasVectors = ({ manifest }: Pack): boolean =>
  manifest.embedding !== undefined && takesPictures(manifest.task);

export const noVectors = ({ ref }: Pack): Outcome<never> =>
  failed('no-feature-vectors', { reason: reason('no-vectors-of', { model: ref }) });
