import { resolve } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Digest } from '../../../contract/ids.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { WireFileIdentity } from '../../../contract/wire.ts';
import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import { sha256Aside } from '../../lib/sha256.ts';
import { recordRow, resultKey } from '../../store/index.ts';
import type { FileIdentity, Store, StoredRecord } from '../../store/index.ts';
import type { PredictRequest } from '../types.ts';
import { hashFile, identify, isSameFile, isSettled } from '../files/index.ts';
import type { Plan } from '../plan.ts';
import type { Pools } from '../pool/index.ts';
import { itemTaskOf, taskOf } from '../../../contract/tasks/index.ts';
import { createShare } from './share.ts';

/** `queueMs`: time in the queue; 0 for a cached record. */
export type PredictedRecord = {
  readonly record: PredictionRecord;
  readonly key: string;
  readonly queueMs: number;
};
type PredictParts = { readonly store: Store; readonly pools: Pools; readonly appVersion: string };
/** `isBounded` as in pools.ts. */
export type PredictOptions = { readonly signal?: AbortSignal; readonly isBounded?: boolean };
export type Predictor = (
  plan: Plan,
  request: PredictRequest,
  options: PredictOptions,
) => Promise<Outcome<PredictedRecord>>;

type Found = {
  readonly record: StoredRecord;
  readonly key: string;
  readonly cached: boolean;
  readonly queueMs: number;
};
type Sought = {
  readonly plan: Plan;
  readonly request: PredictRequest;
  readonly isBounded: boolean | undefined;
  readonly signal: AbortSignal;
};

/**
 * Answers one picture from the cache (same bytes, pack and settings), else by a worker. Concurrent equal requests are
 * coalesced.
 */
export function createPredictor(parts: PredictParts): Predictor {
  const share = createShare<Found>();
  return async (plan, request, { signal, isBounded }) => {
    if (signal?.aborted) return failed('cancelled');
    const { source } = request;
    const file = 'path' in source ? await identify(source.path, request.name) : null;
    if (file && !file.ok) return file;
    const key = file ? sharedKey(file.value, plan, request) : null;
    const { outcome } = await share(key, { signal }, (stop) => {
      const sought: Sought = { plan, request, isBounded, signal: stop };
      return file ? seekFile(parts, sought, file.value) : seekBytes(parts, sought);
    });
    if (!outcome.ok) return outcome;
    const { record, cached, queueMs } = outcome.value;
    const result = itemTaskOf(record.result.task).trim(record.result, request);
    return ok({
      record: { ...record, input: request.name, cached, result },
      key: outcome.value.key,
      queueMs,
    });
  };
}

async function seekFile(parts: PredictParts, sought: Sought, file: FileIdentity): Promise<Outcome<Found>> {
  const { plan, request, signal } = sought;
  const { store } = parts;
  if (request.useCache !== false) {
    const { digest, sizeKnown, key, record } = await store.lookup(file, {
      ...storeParts(plan),
      wantsEmbedding: wantsEmbedding(sought),
    });
    if (key && suits(record, request)) return ok({ record, key, cached: true, queueMs: 0 });
    if (digest === null && sizeKnown) {
      const found = await seekContent(parts, sought, file);
      if (found) return ok(found);
    }
  }
  if (signal.aborted) return failed('cancelled');
  return askWorker(parts, sought, { file });
}

/** Content-addressed lookup: the same bytes may be stored under another path. */
async function seekContent(
  { store }: PredictParts,
  sought: Sought,
  file: FileIdentity,
): Promise<Found | null> {
  const { plan, request } = sought;
  const digest = await hashFile(file.path);
  if (digest === null) return null;
  const key = resultKey({ input: digest, ...storeParts(plan) });
  const record = await store.record(key, wantsEmbedding(sought));
  if (!suits(record, request)) return null;
  if (await isUnchanged(file)) store.rememberFile(file, digest);
  return { record, key, cached: true, queueMs: 0 };
}

async function seekBytes(parts: PredictParts, sought: Sought): Promise<Outcome<Found>> {
  const { plan, request } = sought;
  const { source } = request;
  if (!('bytes' in source)) throw new Error('no bytes to look for');
  if (request.useCache !== false) {
    const digest = source.digest ?? (await sha256Aside(source.bytes));
    const key = resultKey({ input: digest, ...storeParts(plan) });
    const record = await parts.store.record(key, wantsEmbedding(sought));
    if (suits(record, request)) return ok({ record, key, cached: true, queueMs: 0 });
    return askWorker(parts, sought, { file: null, digest });
  }
  return askWorker(parts, sought, { file: null, ...(source.digest && { digest: source.digest }) });
}

/** `digest`: of the bytes that are sent, where it is known. */
type Known = { readonly file: FileIdentity | null; readonly digest?: Digest };

async function askWorker(
  parts: PredictParts,
  sought: Sought,
  { file, digest }: Known,
): Promise<Outcome<Found>> {
  const { plan, request, isBounded, signal } = sought;
  const { source } = request;
  const task = taskOf(plan.pack.manifest.task);
  if (task.input !== 'picture') throw new Error(`${task.id} answers no files`);
  const begun = performance.now();
  const { outcome, shape } = parts.pools.ask(plan, {
    question: {
      kind: 'infer',
      input: {
        name: request.name,
        source: 'path' in source ? { kind: 'file', path: resolve(source.path) } : { kind: 'blob', blob: 0 },
      },
      request: task.widen({ top: request.top, embedding: request.embedding }),
      decode: plan.decode,
      ...(plan.thorough && { thorough: true }),
      ...(digest !== undefined && { digest }),
    },
    blobs: 'bytes' in source ? [source.bytes] : [],
    file: request.name,
    priority: request.priority ?? 'interactive',
    isBounded,
    signal,
    ...(request.deadlineMs !== undefined && { deadlineMs: request.deadlineMs }),
  });
  const answered = await outcome;
  if (!answered.ok) return answered;
  const { reply } = answered.value;
  if (reply.kind !== 'inferred')
    return failed('internal', { reason: reason('odd-reply-to-picture', { kind: reply.kind }) });
  const { pack, variant, provider, settingsText } = plan;
  const record: StoredRecord = {
    digest: reply.digest as Digest,
    sizeBytes: reply.sizeBytes,
    model: pack.manifest.id,
    version: pack.manifest.version,
    packDigest: pack.digest,
    variant: variant.name,
    provider,
    settings: settingsText,
    shape,
    // In a folder run wall time is mostly queueing, so only decoding and inference are counted.
    durationMs: request.priority === 'batch' ? reply.decodeMs + reply.runMs : performance.now() - begun,
    decodeMs: reply.decodeMs,
    runMs: reply.runMs,
    at: new Date().toISOString(),
    appVersion: parts.appVersion,
    ...(reply.camera && { camera: reply.camera }),
    result: reply.result,
  };
  const key = resultKey({ input: reply.digest, ...storeParts(plan) });
  // Remember path → digest only if the worker read the file in the very state that was identified; it may have changed
  // in between.
  const isRead = file && isSettled(file) && isSameFile(readFrom(file.path, reply.file), file);
  parts.store.putRecord(key, recordRow(record), isRead ? file : null);
  return ok({ record, key, cached: false, queueMs: answered.value.queueMs });
}

/** Identity of the file as the worker read it; null for bytes sent with the request. */
const readFrom = (path: string, file: WireFileIdentity | undefined): FileIdentity | null =>
  file ? { path, size: file.size, mtimeNs: BigInt(file.mtimeNs), inode: BigInt(file.inode) } : null;

async function isUnchanged(file: FileIdentity): Promise<boolean> {
  if (!isSettled(file)) return false;
  const now = await identify(file.path, file.path);
  return now.ok && isSameFile(now.value, file);
}

/** Parts of the result key besides the input. */
export const storeParts = ({ digest, variant, provider, settingsText }: Plan) => ({
  pack: digest,
  variant: variant.name,
  provider,
  settings: settingsText,
});

/** Whether the feature vector is asked for, or is the very result of this task. */
function wantsEmbedding({ plan, request }: Sought): boolean {
  const task = taskOf(plan.pack.manifest.task);
  return request.embedding === true || (task.input === 'picture' && task.embeds === true);
}

/** Whether the cached record holds everything that the request wants. */
const suits = (record: StoredRecord | null, request: PredictRequest): record is StoredRecord =>
  record !== null && itemTaskOf(record.result.task).suffices(record.result, request);

function sharedKey(
  { path, size, mtimeNs, inode }: FileIdentity,
  plan: Plan,
  request: PredictRequest,
): string {
  const { digest, variant, provider, settingsText } = plan;
  return [
    path,
    size,
    mtimeNs,
    inode,
    digest,
    variant.name,
    provider,
    settingsText,
    request.top ?? 0,
    request.embedding ?? false,
    request.useCache ?? true,
    request.priority ?? 'interactive',
  ].join('|');
}
