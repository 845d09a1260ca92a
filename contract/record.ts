import type { Fault } from './faults.ts';
import { isAnswered } from './prediction.ts';
import type { PredictionOutcome } from './prediction.ts';
import { itemTaskOf, taskOf } from './tasks/index.ts';
import type { AnyTask, PrintedResult, PrintFilter, Row, TaskId } from './tasks/index.ts';

/*
 * What the command line, HTTP and exports write for one input: where its result comes from, then the result, or a fault.
 * Names and order of the fields are a promise to scripts.
 */

/** Where a result comes from. A table's run has no digest of its input and no variant, provider or cache of its own. */
export type Provenance = {
  readonly input: string;
  readonly digest?: string;
  readonly model: string;
  readonly version: string;
  readonly packDigest: string;
  readonly variant?: string;
  readonly provider?: string;
  readonly cached?: boolean;
  /** Milliseconds, to the microsecond. */
  readonly durationMs: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly appVersion: string;
};
export type ResultRecord = Provenance & { readonly result: PrintedResult };
export type FaultRecord = {
  readonly input: string;
  readonly fault: Pick<Fault, 'code' | 'message' | 'hint'>;
};
export type ItemRecord = ResultRecord | FaultRecord;

/** The record of an item whose outcome is known. */
export function recordOutcome(outcome: PredictionOutcome, filter: PrintFilter): ItemRecord {
  return isAnswered(outcome)
    ? recordResult(outcome, itemTaskOf(outcome.result.task).print(outcome.result, filter))
    : recordFault(outcome.input, outcome.fault);
}

export const recordResult = (provenance: Provenance, result: PrintedResult): ResultRecord => ({
  ...recordProvenance(provenance),
  result,
});

export const recordFault = (input: string, { code, message, hint }: Fault): FaultRecord => ({
  input,
  fault: { code, message, hint },
});

/** The fields before the result, each in its place; those that are undefined are not written. */
export function recordProvenance(from: Provenance): Provenance {
  const { input, digest, model, version, packDigest, variant, provider, cached, at, appVersion } = from;
  return {
    input,
    ...(digest !== undefined && { digest }),
    model,
    version,
    packDigest,
    ...(variant !== undefined && { variant }),
    ...(provider !== undefined && { provider }),
    ...(cached !== undefined && { cached }),
    durationMs: Math.round(from.durationMs * 1000) / 1000,
    at,
    appVersion,
  };
}

/** Names of the tables that a task makes of its results beside its usual one. */
export const otherRowsOf = (task: TaskId): readonly string[] => Object.keys(taskOf(task).otherRows ?? {});

/** The usual table of a task, or the other one of this name. */
const tableOf = (task: TaskId, name: string | undefined): Pick<AnyTask, 'columns' | 'rows'> =>
  (name === undefined ? undefined : taskOf(task).otherRows?.[name]) ?? taskOf(task);

/** Columns of a table of records of one task, in order; `name` is of `otherRowsOf`, absent for the usual table. */
export const recordColumns = (task: TaskId, name?: string): readonly string[] => [
  'input',
  ...tableOf(task, name).columns,
  'model',
  'version',
  'variant',
  'provider',
  'cached',
  'durationMs',
  'at',
  'appVersion',
  'digest',
  'packDigest',
  'fault',
  'message',
];

/** As many rows as the task makes of its result; one for an input without any, or with a fault. */
export function recordRows(record: ItemRecord, name?: string): readonly Row[] {
  if ('fault' in record)
    return [{ input: record.input, fault: record.fault.code, message: record.fault.message }];
  const { result, ...provenance } = record;
  const rows = tableOf(result.task, name).rows(result);
  return rows.length === 0 ? [provenance] : rows.map((row) => ({ ...provenance, ...row }));
}
