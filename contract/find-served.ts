import { failed, ok } from './faults.ts';
import type { Outcome } from './faults.ts';
import type { ServedVersion } from './serving.ts';

/** Which version is meant: `version` is a semantic version, a whole number (`number` of a version, or a major one), or absent; never both. */
export type ModelAsk = { readonly id: string; readonly version?: string; readonly label?: string };

/** The version that is meant: by its semantic version, its whole number, its major number (the newest of it), or its label. */
export function findServed(
  catalogue: readonly ServedVersion[],
  { id, version, label }: ModelAsk,
): Outcome<ServedVersion> {
  const exact = catalogue.filter((served) => served.id === id);
  // A bare model answers by the id that its files lie under too, unless another one is called so.
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
  // A bare model is found by the number of its semantic version too, which clients were told before.
  const [number, own] = [Number(version), numberOf(served.version)];
  return own === number || (number < 1_000_000 && Math.floor(own / 1_000_000) === number);
}

/** For protocols that know whole numbers only; a prerelease has the number of its release. */
export function numberOf(version: string): number {
  const [major = 0, minor = 0, patch = 0] = (version.split(/[-+]/u, 1)[0] ?? '').split('.').map(Number);
  return major * 1_000_000 + minor * 1_000 + patch;
}
