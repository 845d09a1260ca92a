import type { Fault } from '../../../contract/faults/faults.ts';
import type { ItemRecord } from '../../../contract/runs/record.ts';
import type { LeftOutReason } from '../../../contract/runs/run.ts';
import type { Destination } from '../destination.ts';
import type { Inputs } from '../inputs.ts';
import type { Interrupt } from '../interrupt.ts';
import type { Opened, Pack } from '../open.ts';
import type { PredictOptions } from '../options.ts';
import type { Session } from '../session.ts';

/** Everything that answering a list of inputs takes. */
export type PredictWork = {
  readonly session: Session;
  readonly options: PredictOptions;
  /** As they were given: files, folders, and `-` for the list on standard input. */
  readonly inputs: readonly string[];
  readonly named: Inputs;
  readonly onLeftOut: (reason: LeftOutReason) => void;
  readonly interrupt: Interrupt;
  readonly opened: Opened;
  readonly pack: Pack;
  readonly destination: Destination;
};

/** One input's end as it is written and counted; `ranAs` says in words what ran it. */
export type InputOutcome = {
  readonly record: ItemRecord;
  readonly isCached: boolean;
  readonly fault: Fault | null;
  readonly ranAs: string | null;
};
