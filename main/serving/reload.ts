import type { Fault } from '../../contract/faults/faults.ts';
import { goldenFault } from '../../contract/packs/model.ts';
import type { ServedVersion } from '../../contract/serving/serving.ts';
import type { ServingParts } from './types.ts';

type ReloadParts = {
  /** Updated here: the version pinned as default of its model meanwhile. */
  readonly held: Map<string, string>;
  readonly catalogue: () => readonly ServedVersion[];
  /** Other processes serve: the new version is always proved here, and then unloaded. */
  readonly answersElsewhere: boolean;
  readonly forget: () => void;
};

/**
 * Rolling update, one model at a time: the new version is loaded and proved beside the serving one, and only then takes
 * over.
 */
export async function reload(
  { engine, rescan }: Pick<ServingParts, 'engine' | 'rescan'>,
  { held, catalogue, forget, answersElsewhere }: ReloadParts,
): Promise<readonly Fault[]> {
  const isWarm = ({ isDefault, state }: ServedVersion): boolean =>
    isDefault && (answersElsewhere || state.kind === 'available');
  const isSetAside = ({ state }: ServedVersion): boolean => state.kind === 'end' && state.fault !== null;
  const before = catalogue().filter(({ isDefault }) => isDefault);
  const warm = new Set(
    catalogue()
      .filter(isWarm)
      .map(({ packId }) => packId),
  );
  for (const { packId: id, ref } of before) held.set(id, ref);
  await rescan();
  const faults: Fault[] = [];
  for (const { packId: id, ref } of before) {
    held.delete(id);
    forget();
    const next = catalogue().find((served) => served.packId === id && served.isDefault);
    if (next && isSetAside(next)) {
      // The cause may have been fixed: retry.
      const again = await engine.warm(next.ref);
      if (!again.ok) faults.push(again.fault);
      forget();
      continue;
    }
    if (!next || next.ref === ref || !warm.has(id)) continue;
    held.set(id, ref);
    forget();
    const why = await proved(engine, next.ref);
    if (answersElsewhere) engine.workers.setNamed(next.ref, false);
    if (why) faults.push(why);
    else held.delete(id);
    forget();
  }
  return faults;
}

async function proved(engine: ServingParts['engine'], ref: string): Promise<Fault | null> {
  const loaded = await engine.warm(ref);
  if (!loaded.ok) return loaded.fault;
  const golden = await engine.models.golden(ref);
  if (!golden.ok) return golden.fault.code === 'nothing-to-do' ? null : golden.fault;
  return goldenFault(ref, golden.value);
}
