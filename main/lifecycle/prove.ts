import { fault, ok } from '../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import { goldenFault } from '../../contract/packs/model.ts';
import type { GoldenResult } from '../../contract/packs/model.ts';
import type { LifecycleParts } from './parts.ts';

/** Golden samples of a version (`id@version`) before it answers, and of each pack whose parts would be others from then on. */
export async function proveForSwitch(parts: LifecycleParts, ref: string): Promise<Outcome<void>> {
  const own = await proveOwn(parts, ref);
  return own.ok ? proveWholes(parts, ref) : own;
}

async function proveOwn({ engine }: LifecycleParts, ref: string): Promise<Outcome<void>> {
  return validate(await goldenOf(engine, ref), (golden) => goldenFault(ref, golden));
}

/** Golden samples that were run here with this Outpost, and with these parts, count; otherwise they are run now. */
async function goldenOf(
  engine: LifecycleParts['engine'],
  ref: string,
  withPart?: string,
): Promise<Outcome<GoldenResult>> {
  const known = await engine.storedGolden(ref, withPart);
  return known ? ok(known) : engine.golden(ref, new AbortController().signal, withPart);
}

/** Only versions that answer: another one is proved with its parts before it does. */
async function proveWholes(
  { library, registry, engine }: LifecycleParts,
  part: string,
): Promise<Outcome<void>> {
  const pack = library.find(part);
  if (!pack.ok) return pack;
  for (const whole of library.changedBy(pack.value)) {
    const { id, version } = whole.manifest;
    if (registry.pointer(id)?.active !== version) continue;
    const proved = validate(await goldenOf(engine, whole.ref, part), ({ passed, total }) =>
      passed < total
        ? fault('part-golden-failed', { model: part, whole: whole.ref, failed: total - passed, total })
        : null,
    );
    if (!proved.ok) return proved;
  }
  return ok(undefined);
}

/** A pack without golden samples has nothing to be wrong about. */
function validate(
  result: Outcome<GoldenResult>,
  faultOf: (golden: GoldenResult) => Fault | null,
): Outcome<void> {
  if (!result.ok) return result.fault.code === 'nothing-to-do' ? ok(undefined) : result;
  const wrong = faultOf(result.value);
  return wrong ? { ok: false, fault: wrong } : ok(undefined);
}
