import type { Camera } from '../pictures/camera.ts';
import type { Fault } from '../faults/faults.ts';
import { isAnswered } from './prediction.ts';
import type { PredictionOutcome } from './prediction.ts';
import { itemTaskOf, taskOf } from '../tasks/index.ts';
import type { AnyTask, PrintedResult, PrintFilter, Row, TaskId } from '../tasks/index.ts';

/*
 * Records written by the command line, HTTP and exports: the provenance of one input's result, then the result or a
 * fault. Names and order of the fields are a stable interface for scripts.
 */

/**
 * Provenance of a result. A run over a table has no digest of its input and no variant, provider or cache of its own.
 */
type Provenance = {
  readonly input: string;
  readonly digest?: string;
  readonly model: string;
  readonly version: string;
  readonly packDigest: string;
  readonly variant?: string;
  readonly provider?: string;
  readonly cached?: boolean;
  /** Milliseconds with microsecond precision. */
  readonly durationMs: number;
  /** ISO 8601 UTC. */
  readonly at: string;
  readonly appVersion: string;
  /** What the photo says of the camera that took it. */
  readonly camera?: Camera;
};
type ResultRecord = Provenance & { readonly result: PrintedResult };
export type FaultRecord = {
  readonly input: string;
  readonly fault: Pick<Fault, 'code' | 'message' | 'hint'>;
};
export type ItemRecord = ResultRecord | FaultRecord;

/** The record of a finished item. */
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

/** The fields before the result, in their fixed order; undefined ones are omitted. */
export function recordProvenance(from: Provenance): Provenance {
  const { input, digest, model, version, packDigest, variant, provider, cached, at, appVersion, camera } =
    from;
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
    ...(camera !== undefined && { camera }),
  };
}

/** Names of the additional tables that a task offers. */
export const otherRowsOf = (task: TaskId): readonly string[] => Object.keys(taskOf(task).otherRows ?? {});

/** A task's default table, or the additional one with this name. */
const tableOf = (task: TaskId, name: string | undefined): Pick<AnyTask, 'columns' | 'rows'> =>
  (name === undefined ? undefined : taskOf(task).otherRows?.[name]) ?? taskOf(task);

/**
 * Columns of a table of records of one task, in order; `name` is one of `otherRowsOf`, absent for the default table.
 */
export const recordColumns = (task: TaskId, name?: string): readonly string[] => [
  'input',
  ...tableOf(task, name).columns,
  ...closingColumns,
];

/** Columns behind those of the task, in every table. */
export const closingColumns: readonly string[] = [
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

/** As many rows as the task makes from its result; one for an empty result or a fault. */
export function recordRows(record: ItemRecord, name?: string): readonly Row[] {
  if ('fault' in record)
    return [{ input: record.input, fault: record.fault.code, message: record.fault.message }];
  const { result, camera: _, ...provenance } = record;
  const rows = tableOf(result.task, name).rows(result);
  return rows.length === 0 ? [provenance] : rows.map((row) => ({ ...provenance, ...row }));
}
