import { embeddingOf, itemTaskOf, withEmbedding } from '../../contract/tasks/index.ts';
import type { LabelScore } from '../../contract/packs/labels.ts';
import type { PredictionRecord } from '../../contract/runs/prediction.ts';
import { embeddingRow } from './vectors/index.ts';
import type { EmbeddingRow } from './vectors/index.ts';

/**
 * The part of a record that is stored; the engine adds `shape`, `cached` and `input`, which belong to the single
 * request.
 */
export type StoredRecord = Omit<PredictionRecord, 'cached' | 'input'>;

/**
 * A record as it is written: a text, and the columns that it is found by. Made where the record is, since a text crosses to the
 * writer's process and thread for a small part of what its objects cost at each crossing.
 */
export type RecordRow = Pick<
  StoredRecord,
  'digest' | 'sizeBytes' | 'model' | 'version' | 'packDigest' | 'variant' | 'provider' | 'settings' | 'at'
> & {
  /** The whole record, without its feature vector, which has a table of its own. */
  readonly json: string;
  readonly best: LabelScore | null;
  readonly embedding: EmbeddingRow | null;
};

export function recordRow(record: StoredRecord): RecordRow {
  const { digest, sizeBytes, model, version, packDigest, variant, provider, settings, at, result } = record;
  const embedding = embeddingOf(result);
  return {
    digest,
    sizeBytes,
    model,
    version,
    packDigest,
    variant,
    provider,
    settings,
    at,
    json: JSON.stringify({ ...record, result: withEmbedding(result, undefined) }),
    best: itemTaskOf(result.task).headline(result),
    embedding: embedding ? embeddingRow(embedding) : null,
  };
}
