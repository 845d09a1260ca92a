import type { Fault } from '../../contract/faults.ts';
import type { Destination } from './destination.ts';
import type { Interrupt } from './interrupt.ts';
import type { Opened, Pack } from './open.ts';
import type { PredictOptions } from './options.ts';
import type { PrintRecord } from './record.ts';
import type { Session } from './session.ts';

/** Everything that answering a list of inputs takes. */
export type Answering = {
  readonly session: Session;
  readonly options: PredictOptions;
  readonly inputs: readonly string[];
  readonly interrupt: Interrupt;
  readonly opened: Opened;
  readonly pack: Pack;
  readonly destination: Destination;
};

/** One input's end as it is written and counted; `ranAs` says in words what ran it. */
export type Answer = {
  readonly print: PrintRecord;
  readonly isCached: boolean;
  readonly fault: Fault | null;
  readonly ranAs: string | null;
};
