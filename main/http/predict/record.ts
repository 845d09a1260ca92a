import type { Fault } from '../../../contract/faults.ts';
import type { PredictionRecord } from '../../../contract/prediction.ts';

/** What is answered for one photo: the record that `outpost predict --format jsonl` prints, field by field. */
export function recordOf(record: PredictionRecord, top: number): object {
  const { input, digest, model, version, packDigest, variant, provider, cached, durationMs } = record;
  return {
    input,
    digest,
    model,
    version,
    packDigest,
    variant,
    provider,
    cached,
    durationMs: Math.round(durationMs * 1000) / 1000,
    at: record.at,
    appVersion: record.appVersion,
    result: {
      task: record.result.task,
      predictions: record.result.predictions
        .slice(0, top)
        .map(({ index, id, label, score }) => ({ index, id, label, score })),
    },
  };
}

export function faultRecordOf(input: string, { code, message, hint }: Fault): object {
  return { input, fault: { code, message, hint } };
}
