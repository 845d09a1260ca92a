import type { Outcome } from '../../../contract/faults/faults.ts';
import type { PackField } from '../../../contract/packs/pack-build.ts';

/** Adds to a fault the field it is about, so that a form can show it there. */
export function about<T>(field: PackField, outcome: Outcome<T>): Outcome<T> {
  if (outcome.ok || 'field' in outcome.fault.params) return outcome;
  return { ok: false, fault: { ...outcome.fault, params: { ...outcome.fault.params, field } } };
}
