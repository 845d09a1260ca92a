import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { relative, sep } from 'node:path';
import { failed, fault, ok } from '../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import type { DecodeWay, Digest } from '../../contract/ids.ts';
import { reason } from '../../contract/faults/reasons.ts';
import { isAnswered } from '../../contract/runs/prediction.ts';
import type { PredictionOutcome } from '../../contract/runs/prediction.ts';
import { hashFile, identify } from '../engine/index.ts';
import type { Found } from '../engine/index.ts';
import { waitOrAbort } from '../lib/abort.ts';
import { fsPath } from '../lib/file-names.ts';
import { sha256Of } from '../lib/sha256.ts';
import type { Connection } from './connection.ts';
import { contentLimit, itemId } from './item.ts';
import type { QueueItem } from './item.ts';
import { openJobQueue } from './job-queue.ts';
import type { JobQueue } from './job-queue.ts';
import type { QueueAddress } from './queue-address.ts';
import { sharedName } from './shared-path.ts';
import { openResultStore } from './result-store.ts';
import type { ResultStore } from './result-store.ts';

type SubmitRequest = {
  /** Pictures in path order, from the walk of main/engine. */
  readonly files: AsyncIterable<Found>;
  readonly folder: string;
  readonly model: string | null;
  readonly decode: DecodeWay | null;
  readonly thorough: boolean;
  /** Files below it are queued by path, others with their content; null queues all with their content. */
  readonly sharedRoot: string | null;
  /** Tries items again that ended with a fault. */
  readonly again: boolean;
  readonly wait: boolean;
  /** Bytes of content that this submission may have in Redis at a time. */
  readonly contentBudget: number;
  readonly signal: AbortSignal;
};
/** `isNew` is false if the item was queued or answered before. */
type Submitted = {
  readonly path: string;
  readonly isNew: boolean;
  /** Null while nothing waits for it. */
  readonly outcome: PredictionOutcome | null;
};
type Entry = {
  readonly path: string;
  readonly id: string;
  readonly item: QueueItem | null;
  readonly isNew: boolean;
  outcome: PredictionOutcome | null;
};
type File = Pick<Found, 'path' | 'fault'>;
type Parts = { readonly jobs: JobQueue; readonly results: ResultStore; readonly request: SubmitRequest };

const pollMs = 200;
const recheckMs = 1_000;
/** Items awaited at a time; a longer window would only use memory. */
const mostInHand = 4_096;

/**
 * Queues one item for each file and yields each file's outcome in path order; without `wait`, as soon as it is queued.
 * Items that Redis lost meanwhile are queued again. Ends early when the signal fires.
 */
export async function* submit(
  { place, connection }: { readonly place: QueueAddress; readonly connection: Connection },
  request: SubmitRequest,
): AsyncGenerator<Submitted> {
  const jobs = openJobQueue(connection.redis, place);
  const parts: Parts = { jobs, results: openResultStore(connection.redis, place), request };
  const inHand: Entry[] = [];
  const isFull = (): boolean =>
    inHand.length >= mostInHand ||
    inHand.reduce((sum, entry) => sum + weight(entry), 0) > request.contentBudget;
  for await (const found of request.files) {
    if (request.signal.aborted) return;
    const entered = await waitOrAbort(enter(parts, found), { phase: 'an item', signal: request.signal });
    if (entered.kind !== 'done') return;
    const entry = entered.value;
    if (!request.wait) yield { path: entry.path, isNew: entry.isNew, outcome: entry.outcome };
    inHand.push(entry);
    if (!request.wait && weight(entry) === 0) inHand.pop();
    while (isFull() || (request.wait && inHand[0]?.outcome)) {
      if (!(await settleFirst(parts, inHand))) return;
      const first = inHand.shift();
      if (request.wait && first) yield first;
    }
  }
  while (request.wait && inHand.length > 0) {
    if (!(await settleFirst(parts, inHand))) return;
    const first = inHand.shift();
    if (first) yield first;
  }
}

const weight = ({ item, outcome }: Entry): number =>
  outcome === null && item?.source.kind === 'content' ? item.source.sizeBytes : 0;

/** Waits until the first item has an outcome; false when the wait was aborted. */
async function settleFirst(parts: Parts, inHand: readonly Entry[]): Promise<boolean> {
  const { signal } = parts.request;
  let checkedAt = performance.now();
  for (;;) {
    const open = inHand.filter(({ outcome }) => outcome === null).slice(0, 512);
    const first = inHand[0];
    if (!first || first.outcome) return true;
    const results = await waitOrAbort(parts.results.read(open.map(({ id }) => id)), {
      phase: 'the results',
      signal,
    });
    if (results.kind !== 'done') return false;
    for (const [at, entry] of open.entries()) entry.outcome = named(results.value[at] ?? null, entry.path);
    if (first.outcome) return true;
    if (performance.now() - checkedAt > recheckMs) {
      const checked = await waitOrAbort(recheck(parts, inHand), { phase: 'the state of items', signal });
      if (checked.kind !== 'done') return false;
      checkedAt = performance.now();
    }
    const slept = await waitOrAbort(sleep(pollMs), { phase: 'the next look', signal });
    if (slept.kind !== 'done') return false;
  }
}

/** Handles items that failed without a stored result or that Redis lost; none was lost if the first is still queued. */
async function recheck({ jobs, results, request }: Parts, inHand: readonly Entry[]): Promise<void> {
  for (const entry of inHand) {
    if (entry.outcome || !entry.item) continue;
    const state = await jobs.state(entry.id);
    if (state.kind === 'failed' && !(await results.hasResult(entry.id)))
      entry.outcome = { input: entry.path, fault: state.fault };
    const isLost = state.kind === 'lost' || (state.kind === 'done' && !(await results.hasResult(entry.id)));
    if (isLost) {
      const made = await itemOf({ path: entry.path, fault: null }, request);
      if (!made.ok) entry.outcome = { input: entry.path, fault: made.fault };
      else if (itemId(made.value.item) !== entry.id)
        entry.outcome = { input: entry.path, fault: fault('file-changed', { file: entry.path }) };
      else await put({ jobs, results, request }, entry.id, made.value);
    } else if (entry === inHand[0] && state.kind === 'waiting') return;
  }
}

async function enter(parts: Parts, found: File): Promise<Entry> {
  const { jobs, results, request } = parts;
  const made = await itemOf(found, request);
  const refused = (reason: Fault): Entry => ({
    path: found.path,
    id: '',
    item: null,
    isNew: false,
    outcome: { input: found.path, fault: reason },
  });
  if (!made.ok) return refused(made.fault);
  const { item } = made.value;
  const id = itemId(item);
  const known = named((await results.read([id]))[0] ?? null, found.path);
  const entry = { path: found.path, id, item };
  if (known && (isAnswered(known) || !request.again)) return { ...entry, isNew: false, outcome: known };
  const state = await jobs.state(id);
  const isTriedAgain = request.again && (state.kind === 'failed' || known !== null);
  if (state.kind === 'waiting') return { ...entry, isNew: false, outcome: null };
  if (state.kind === 'failed' && !isTriedAgain)
    return { ...entry, isNew: false, outcome: { input: found.path, fault: state.fault } };
  await results.dropResult(id);
  await put(parts, id, made.value);
  return { ...entry, isNew: true, outcome: null };
}

type Made = { readonly item: QueueItem; readonly bytes: Uint8Array | null };

/** Stores the content before the item, so that no node takes an item whose content is still missing. */
async function put({ jobs, results }: Parts, id: string, { item, bytes }: Made): Promise<void> {
  await jobs.remove(id);
  if (bytes) await results.putContent(id, bytes);
  await jobs.add(id, item);
}

async function itemOf({ path, fault: known }: File, request: SubmitRequest): Promise<Outcome<Made>> {
  if (known) return { ok: false, fault: known };
  const file = await identify(path, path);
  if (!file.ok) return file;
  const { folder, model, decode, thorough, sharedRoot } = request;
  const how = { model, decode, ...(thorough && { thorough }) };
  const name = relative(folder, path).split(sep).join('/') || path;
  const shared = sharedRoot === null ? null : await sharedName(sharedRoot, path);
  if (shared !== null) {
    const digest = (await hashFile(path)) as Digest | null;
    if (digest === null) return failed('file-unreadable', { file: path, reason: reason('not-read') });
    return ok({
      item: { name, digest, ...how, source: { kind: 'shared', path: shared } },
      bytes: null,
    });
  }
  const sizeBytes = file.value.size;
  if (sizeBytes > contentLimit)
    return failed('file-too-large', { file: path, size: sizeBytes, limit: contentLimit });
  const bytes = await readFile(fsPath(path)).catch(() => null);
  if (!bytes) return failed('file-unreadable', { file: path, reason: reason('not-read') });
  const digest: Digest = sha256Of(bytes);
  const source = { kind: 'content' as const, sizeBytes: bytes.byteLength };
  return ok({ item: { name, digest, ...how, source }, bytes });
}

/** The outcome of the content, under this file's name. */
function named(outcome: PredictionOutcome | null, path: string): PredictionOutcome | null {
  if (!outcome || isAnswered(outcome)) return outcome && { ...outcome, input: path };
  const { code, params } = outcome.fault;
  return { input: path, fault: 'file' in params ? fault(code, { ...params, file: path }) : outcome.fault };
}
