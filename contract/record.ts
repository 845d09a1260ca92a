import type { Fault } from './faults.ts';
import { isAnswered } from './prediction.ts';
import type { PredictionOutcome } from './prediction.ts';
import { itemTaskOf, taskOf } from './tasks/index.ts';
import type { PrintedResult, Row, TaskId } from './tasks/index.ts';

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

/** What of a result is written: so many entries, and none below the threshold (0 to 1); absent: as the task and the pack have it. */
export type RecordFilter = { readonly top?: number; readonly threshold?: number };

/** The record of an item whose outcome is known. */
export function recordOutcome(outcome: PredictionOutcome, filter: RecordFilter): ItemRecord {
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

/** Columns of a table of records of one task, in order. */
export const recordColumns = (task: TaskId): readonly string[] => [
  'input',
  ...taskOf(task).columns,
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
export function recordRows(record: ItemRecord): readonly Row[] {
  if ('fault' in record)
    return [{ input: record.input, fault: record.fault.code, message: record.fault.message }];
  const { result, ...provenance } = record;
  const rows = taskOf(result.task).rows(result);
  return rows.length === 0 ? [provenance] : rows.map((row) => ({ ...provenance, ...row }));
}
