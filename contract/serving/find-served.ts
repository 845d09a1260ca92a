import { failed, ok } from '../faults/faults.ts';
import type { Outcome } from '../faults/faults.ts';
import type { ServedVersion } from './serving.ts';

/**
 * Which version of a model is requested: `version` is a semantic version, an integer (a version's `number`, or a major
 * version), or absent; never both `version` and `label`.
 */
export type ModelAsk = { readonly id: string; readonly version?: string; readonly label?: string };

/** Resolves a requested version: by its semantic version, its number, its major version (the newest), or its label. */
export function findServed(
  catalogue: readonly ServedVersion[],
  { id, version, label }: ModelAsk,
): Outcome<ServedVersion> {
  const exact = catalogue.filter((served) => served.id === id);
  // A bare model can also be requested by its pack's id, unless another model has that name.
  const ofModel = exact.length > 0 ? exact : catalogue.filter(({ packId }) => packId === id);
  if (ofModel.length === 0) return failed('model-not-found', { model: id });
  const found =
    label === undefined
      ? (ofModel.find(({ shownVersion }) => shownVersion === version) ??
        ofModel.find((served) => isMeant(served, version)))
      : ofModel.find(({ labels }) => labels.includes(label as 'stable'));
  if (found) return ok(found);
  const available = ofModel.flatMap((served) => [served.shownVersion, ...served.labels]).join(', ');
  return failed('version-not-found', { model: id, version: label ?? version ?? '', available });
}

function isMeant(served: ServedVersion, version: string | undefined): boolean {
  if (version === undefined) return served.isDefault;
  if (served.version === version) return true;
  if (!/^\d+$/u.test(version)) return false;
  // A bare model can also be found by the number of its semantic version, which clients were given in earlier versions.
  const [number, own] = [Number(version), numberOf(served.version)];
  return own === number || (number < 1_000_000 && Math.floor(own / 1_000_000) === number);
}

/** For protocols with integer versions; a prerelease has the number of its release. */
export function numberOf(version: string): number {
  const [major = 0, minor = 0, patch = 0] = (version.split(/[-+]/u, 1)[0] ?? '').split('.').map(Number);
  return major * 1_000_000 + minor * 1_000 + patch;
}
