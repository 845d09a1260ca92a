import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Manifest } from '../../../contract/packs/manifest.ts';
import { isInRange } from '../../../contract/packs/pack-parts.ts';
import type { UpdateSource } from '../../../contract/lifecycle/update.ts';
import type { LifecycleParts } from '../parts.ts';
import type { VersionName } from '../types.ts';
import { machineFactsOf } from './machine-facts.ts';
import { missingPart } from './missing-part.ts';

type Wanting = {
  readonly manifest: Pick<Manifest, 'id' | 'version' | 'parts'>;
  readonly source: UpdateSource;
  readonly consentExpired: boolean;
  readonly signal: AbortSignal;
  /** Fetches, installs and tries this version. */
  readonly get: (part: VersionName) => Promise<Outcome<void>>;
};

/** Gets the parts of a composed pack that are missing from the same source, each with its own golden samples. */
export async function getParts(
  parts: LifecycleParts,
  { manifest, source, consentExpired, signal, get }: Wanting,
): Promise<Outcome<void>> {
  const { library, registry, fetcher } = parts;
  for (;;) {
    const missing = missingPart(library, manifest);
    if (!missing || !fetcher) return ok(undefined);
    const { part, fault } = missing;
    const checked = await fetcher.check(
      { source, here: await machineFactsOf(parts), consentExpired, part },
      { signal },
    );
    if (!checked.ok) return checked;
    const isFit = ({ model, version }: VersionName): boolean =>
      model === part.pack && isInRange(version, part.versions);
    const offer = checked.value.offers.find(isFit);
    // The reason of a version that is withheld says more than that none is here.
    if (!offer) return { ok: false, fault: checked.value.withheld.find(isFit)?.fault ?? fault };
    const { model, version } = offer;
    const got = await registry.working(model, version, () => get({ model, version }));
    if (!got.ok) return got;
    // A part that is installed now and still does not count has failed its own golden samples.
    if (missingPart(library, manifest)?.part.role === part.role) return { ok: false, fault };
  }
}
