import { faultTable } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { Store } from '../../store/index.ts';
import type { Found } from '../files/index.ts';
import type { ItemsHooks, ItemOutcome, ItemsQuery } from './predict-items.ts';
import type { LiveRun } from './live-run.ts';

/** What answering a run takes. */
export type WorkParts = {
  readonly store: Store;
  readonly items: <F extends Pick<Found, 'path' | 'fault'>>(
    query: ItemsQuery<F>,
    hooks: ItemsHooks,
  ) => AsyncGenerator<ItemOutcome<F>>;
  readonly onChange: (run: string) => void;
};

/** Whether the item says that nothing more can be answered for now: then it is not written, and is answered when the run goes on. */
export function isHaltedBy(run: LiveRun, { outcome }: ItemOutcome): boolean {
  if (outcome.ok) return false;
  const why = outcome.fault;
  if (why.code === 'shutting-down') run.haltFor({ kind: 'lose-owner' });
  else if (stopsAll(why)) run.haltFor({ kind: 'fail', fault: why });
  else return false;
  return true;
}

/** A fault of the model, not of this photo: nothing changes it for another photo, or another run. */
const stopsAll = ({ code }: Fault): boolean => faultTable[code].exit === 1 && code !== 'internal';
