import type { Fault } from './faults.ts';
import { isAnswered } from './prediction.ts';
import type { PredictionOutcome } from './prediction.ts';
import type { ClassificationResult } from './tasks/image-classification.ts';
import type { LabelScore } from './labels.ts';

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
export type RecordedLabels = {
  readonly task: 'image-classification';
  readonly predictions: readonly LabelScore[];
};
export type RecordedTensors = {
  readonly task: 'tensor';
  readonly outputs: Readonly<Record<string, TensorJson>>;
  /** The highest score of each row, where the model has labels. */
  readonly labels?: readonly LabelScore[];
};
/** `data` is row-major; whole numbers beyond 2^53, NaN and the infinities are strings. */
export type TensorJson = {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: readonly (number | string | boolean)[];
};
export type RecordedResult = RecordedLabels | RecordedTensors;
export type ResultRecord = Provenance & { readonly result: RecordedResult };
export type FaultRecord = {
  readonly input: string;
  readonly fault: Pick<Fault, 'code' | 'message' | 'hint'>;
};
export type ItemRecord = ResultRecord | FaultRecord;

/** What of a result is written: so many labels, and none below the threshold (0 to 1) where there is one. */
export type RecordFilter = { readonly top: number; readonly threshold?: number };

/** The record of an item whose outcome is known. */
export function recordOutcome(outcome: PredictionOutcome, filter: RecordFilter): ItemRecord {
  return isAnswered(outcome)
    ? recordResult(outcome, recordLabels(outcome.result, filter))
    : recordFault(outcome.input, outcome.fault);
}

export const recordResult = (provenance: Provenance, result: RecordedResult): ResultRecord => ({
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

function recordLabels(
  { task, predictions }: ClassificationResult,
  { top, threshold }: RecordFilter,
): RecordedLabels {
  return {
    task,
    predictions: predictions
      .filter(({ score }) => threshold === undefined || score >= threshold)
      .slice(0, top)
      .map(({ index, id, label, score }) => ({ index, id, label, score })),
  };
}

/** Columns of a table of records, in order. */
export const recordColumns = [
  'input',
  'rank',
  'index',
  'id',
  'label',
  'score',
  'output',
  'type',
  'dims',
  'data',
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
] as const;
export type RecordRow = Partial<Record<(typeof recordColumns)[number], string | number | boolean>>;

/** One row for each label of a photo or output of a tensor run; one for an input without any, or with a fault. */
export function recordRows(record: ItemRecord): readonly RecordRow[] {
  if ('fault' in record)
    return [{ input: record.input, fault: record.fault.code, message: record.fault.message }];
  const { result, ...provenance } = record;
  const rows = resultRows(result);
  return rows.length === 0 ? [provenance] : rows.map((row) => ({ ...provenance, ...row }));
}

function resultRows(result: RecordedResult): readonly RecordRow[] {
  switch (result.task) {
    case 'image-classification':
      return result.predictions.map((prediction, at) => ({ rank: at + 1, ...prediction }));
    case 'tensor':
      return Object.entries(result.outputs).map(([output, { type, dims, data }]) => ({
        output,
        type,
        dims: dims.join('x'),
        data: JSON.stringify(data),
      }));
  }
}
