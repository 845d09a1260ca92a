import type { Fault } from '../../contract/faults.ts';
import { isAnswered } from '../../contract/prediction.ts';
import type { LabelScore, PredictionOutcome, PredictionRecord } from '../../contract/prediction.ts';

/** What is written for one input, in this order of fields: a promise to scripts. */
export type AnswerRecord<R> = {
  readonly input: string;
  readonly digest: string;
  readonly model: string;
  readonly version: string;
  readonly packDigest: string;
  readonly variant: string;
  readonly provider: string;
  readonly cached: boolean;
  /** Milliseconds. */
  readonly durationMs: number;
  readonly at: string;
  readonly appVersion: string;
  readonly result: R;
};
export type FaultRecord = {
  readonly input: string;
  readonly fault: Pick<Fault, 'code' | 'message' | 'hint'>;
};
export type ClassificationPrint = {
  readonly task: 'image-classification';
  readonly predictions: readonly LabelScore[];
};
export type TensorPrint = {
  readonly task: 'tensor';
  readonly outputs: Readonly<Record<string, TensorJson>>;
  /** The highest score of each row, where the model has labels. */
  readonly labels?: readonly LabelScore[];
};
export type TensorJson = {
  readonly type: string;
  readonly dims: readonly number[];
  readonly data: readonly (number | string | boolean)[];
};
export type PrintRecord = AnswerRecord<ClassificationPrint> | AnswerRecord<TensorPrint> | FaultRecord;
export type Filter = { readonly top: number; readonly threshold: number };

export function printRecord(outcome: PredictionOutcome, filter: Filter): PrintRecord {
  if (!isAnswered(outcome)) return faultRecord(outcome.input, outcome.fault);
  return answerRecord(outcome, {
    task: outcome.result.task,
    predictions: outcome.result.predictions
      .filter(({ score }) => score >= filter.threshold)
      .slice(0, filter.top)
      .map(({ index, id, label, score }) => ({ index, id, label, score })),
  });
}

export function faultRecord(input: string, { code, message, hint }: Fault): FaultRecord {
  return { input, fault: { code, message, hint } };
}

export function answerRecord<R>(
  record: Omit<PredictionRecord, 'result' | 'sizeBytes' | 'settings' | 'shape' | 'decodeMs' | 'runMs'>,
  result: R,
): AnswerRecord<R> {
  const { input, digest, model, version, packDigest, variant, provider, cached, durationMs, at, appVersion } =
    record;
  const rounded = Math.round(durationMs * 1000) / 1000;
  return {
    input,
    digest,
    model,
    version,
    packDigest,
    variant,
    provider,
    cached,
    durationMs: rounded,
    at,
    appVersion,
    result,
  };
}
