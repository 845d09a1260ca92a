import { resolve } from 'node:path';
import { similarityOf, type Embedding } from '../../../contract/packs/embedding.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import { roundSimilarity } from '../../../contract/runs/similar.ts';
import type { Compared, SimilarResult, SimilarPhoto } from '../../../contract/runs/similar.ts';
import { embeddingOf, itemTaskOf } from '../../../contract/tasks/index.ts';
import type { Library } from '../../packs/index.ts';
import type { SimilarInput, Store } from '../../store/index.ts';
import type { ItemOutcome } from '../runs/index.ts';
import type { PredictAllRequest, PredictRequest, SimilarOptions, SimilarRequest } from '../types.ts';
import { keepBest } from './keep-best.ts';
import { noVectors, packWithVectors } from './pack-with-vectors.ts';
import { presentFiles } from './present-files.ts';

export type SimilarParts = {
  readonly library: Library;
  readonly store: Store;
  /** The model that a person chose for photos. */
  readonly chosen: () => string | null;
  readonly predict: (
    request: PredictRequest,
    options: { readonly signal?: AbortSignal },
  ) => Promise<Outcome<PredictionRecord>>;
  readonly items: (
    request: PredictAllRequest,
    options: { readonly signal?: AbortSignal },
  ) => AsyncIterable<ItemOutcome>;
};

/** Similar photos that are looked at beyond those that are wanted: the files of some are gone. */
const spare = 100;

/** Answers the photo if need be, and finds what is most like it in the store, or in a folder that is answered as well. */
export async function findSimilar(
  parts: SimilarParts,
  request: SimilarRequest,
  options: SimilarOptions,
): Promise<Outcome<SimilarResult>> {
  const { source, name, among, limit, least, ...asked } = request;
  const pack = packWithVectors(parts, request.model);
  if (!pack.ok) return pack;
  const model = request.model ?? pack.value.manifest.id;
  // Reading the vectors of a hundred thousand photos takes as long as loading a model: both at once, on two threads.
  if (among === undefined) void parts.store.readVectors({ pack: parts.library.digestOf(pack.value) });
  const record = await parts.predict(
    { ...asked, model, source, name, embedding: true },
    { signal: options.signal },
  );
  if (!record.ok) return record;
  const embedding = embeddingOf(record.value.result);
  if (!embedding) return noVectors(pack.value);
  const query = { record: record.value, embedding, own: 'path' in source ? resolve(source.path) : null };
  return among === undefined
    ? ok(await findStored(parts, query, request))
    : findAmong(parts, query, { request: { ...asked, model, among, limit, least }, options });
}

/** Reads the vectors of the model that would compare, so that the first question is as quick as the next. */
export async function prepareSimilar(parts: SimilarParts): Promise<void> {
  const pack = packWithVectors(parts, undefined);
  if (pack.ok) await parts.store.readVectors({ pack: parts.library.digestOf(pack.value) });
}

type Query = {
  readonly record: PredictionRecord;
  readonly embedding: Embedding;
  readonly own: string | null;
};
type Wanted = Pick<SimilarRequest, 'limit' | 'least'>;

async function findStored(
  { store }: SimilarParts,
  { record, embedding, own }: Query,
  { limit, least }: Wanted,
): Promise<SimilarResult> {
  const space = { pack: record.packDigest, variant: record.variant };
  const found = await store.similarInputs({ ...space, embedding, limit: limit + spare, least });
  const photos: SimilarPhoto[] = [];
  let missing = 0;
  for (const input of found.inputs) {
    if (photos.length === limit) break;
    const photo = await photoOf(input, own);
    if (photo) photos.push(photo);
    else if (input.digest !== record.digest) missing += 1;
  }
  return { ...comparedWith(record), compared: found.compared, missing, faults: 0, photos };
}

/** Null where nothing of it is there any more, or where it is the very photo that was asked with. */
async function photoOf(
  { files, digest, similarity, label, score }: SimilarInput,
  own: string | null,
): Promise<SimilarPhoto | null> {
  const others = files.filter(({ path }) => path !== own);
  const [first, ...copies] = (await presentFiles(others)).map(({ path }) => path);
  return first === undefined
    ? null
    : { path: first, digest, similarity: roundSimilarity(similarity), label, score, copies };
}

type Among = {
  readonly request: Omit<SimilarRequest, 'source' | 'name'> & { readonly model: string };
  readonly options: SimilarOptions;
};

/** Each photo there is answered by the same version, from the store where it was answered before. */
async function findAmong(
  parts: SimilarParts,
  { record, embedding, own }: Query,
  { request: { among = [], limit, least, ...asked }, options: { signal, onCompared } }: Among,
): Promise<Outcome<SimilarResult>> {
  const best = keepBest(limit);
  let [compared, faults] = [0, 0];
  const model = `${record.model}@${record.version}`;
  for await (const { found, outcome } of parts.items(
    { ...asked, model, inputs: among, variant: record.variant, embedding: true },
    { signal },
  )) {
    const place = resolve(found.path);
    const vector = outcome.ok ? embeddingOf(outcome.value.record.result) : undefined;
    if (!outcome.ok || !vector) faults += 1;
    else if (place !== own) {
      compared += 1;
      const similarity = roundSimilarity(similarityOf(embedding, vector));
      const { result, digest } = outcome.value.record;
      const first = itemTaskOf(result.task).headline(result);
      if (similarity >= least)
        best.add({
          path: place,
          digest,
          similarity,
          label: first?.label ?? null,
          score: first?.score ?? null,
          copies: [],
        });
    }
    onCompared?.({ compared, faults });
  }
  if (signal?.aborted) return failed('cancelled');
  return ok({ ...comparedWith(record), compared, missing: 0, faults, photos: best.list() });
}

const comparedWith = ({
  model,
  version,
  packDigest,
  variant,
}: PredictionRecord): Omit<Compared, 'compared' | 'missing' | 'faults'> => ({
  model,
  version,
  packDigest,
  variant,
});
