import type { Outcome } from '../../../contract/faults/faults.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import type { Caller, ServingContext } from '../server/index.ts';

/** A model as requests of the protocol name it; an empty version is the one that answers by default. */
export type NamedModel = { readonly name: string; readonly version: string };

/** The version that is meant, if this caller may ask for it. Faults: `token-not-allowed`, `model-not-found`, `version-not-found`. */
export function findAllowed(
  { serving, mayAsk }: ServingContext,
  caller: Caller,
  { name: id, version }: NamedModel,
): Outcome<ServedVersion> {
  const why = mayAsk(caller, id);
  if (why) return { ok: false, fault: why };
  return serving.find(version === '' ? { id } : { id, version });
}

/** Every version that this caller may ask for. */
export const allowedVersions = (
  { serving, mayAsk }: ServingContext,
  caller: Caller,
): readonly ServedVersion[] => serving.catalogue().filter(({ id }) => mayAsk(caller, id) === null);
