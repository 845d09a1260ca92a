import { failed } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { detail, reason } from '../../contract/faults/reasons.ts';
import type { StoreItself } from './types.ts';

/** Why a change was not made. */
export function refused(store: Pick<StoreItself, 'state'>): Outcome<never> {
  const state = store.state();
  const why = state.kind === 'ready' ? reason('nothing-written') : detail(state.reason);
  return failed('store-unavailable', { reason: why });
}
