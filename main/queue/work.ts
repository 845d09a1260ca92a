import { UnrecoverableError, Worker } from 'bullmq';
import type { Job } from 'bullmq';
import { fault, faultTable } from '../../contract/faults.ts';
import type { Fault, Outcome } from '../../contract/faults.ts';
import { clientReason } from '../../contract/reasons.ts';
import type { PredictionRecord } from '../../contract/prediction.ts';
import type { Engine } from '../engine/index.ts';
import { waitOrAbort } from '../lib/abort.ts';
import type { Connection } from './connection.ts';
import { attempts, QueueItem } from './item.ts';
import type { QueueAddress } from './queue-address.ts';
import { sharedFile } from './shared-path.ts';
import { openResultStore } from './result-store.ts';
import type { ResultStore } from './result-store.ts';

export type WorkParts = {
  readonly place: QueueAddress;
  readonly connection: Connection;
  readonly engine: Pick<Engine, 'predict'>;
  /** Items in hand at a time. */
  readonly window: number;
  /** The one folder whose files an item may name; null: items bring their content or are refused. */
  readonly sharedRoot: string | null;
  readonly onDone: (name: string, fault: Fault | null) => void;
  readonly log: (text: string) => void;
};
export type Node = {
  /** Takes nothing more, finishes what is in hand within the time; what is not finished goes to other nodes. */
  close(graceMs: number): Promise<void>;
};

// A node that dies holds its items this long at most, and the others look for such items this often.
const lockMs = 6_000;
const lookMs = 2_000;

/** Answers items of the queue until it is closed. */
export function openNode(parts: WorkParts): Node {
  const results = openResultStore(parts.connection.redis, parts.place);
  const worker = new Worker<unknown, string>(parts.place.name, (job) => answerItem(job, results, parts), {
    connection: parts.connection.redis,
    concurrency: parts.window,
    lockDuration: lockMs,
    lockRenewTime: lockMs / 3,
    stalledInterval: lookMs,
    // Allow this many stalls (a node died with the job), then fail the job.
    maxStalledCount: attempts - 1,
    runRetryDelay: 1_000,
    drainDelay: 2,
  });
  // The connection reports a lost Redis once; here every waiting command would report it again.
  worker.on('error', (error) => parts.log(`queue: ${error.message}`));
  worker.on('stalled', (id) => parts.log(`queue: took over ${id} from a node that is gone`));
  return {
    close: async (graceMs) => {
      const closing = worker.close().catch(() => undefined);
      await waitOrAbort(closing, { phase: 'the items in hand', deadlineMs: graceMs });
      await worker.disconnect().catch(() => undefined);
    },
  };
}

/** Answers one job; returns when its result is stored, throws when a retry may help. */
async function answerItem(
  job: Job<unknown, string>,
  results: ResultStore,
  parts: WorkParts,
): Promise<string> {
  const id = job.id ?? '';
  // A turn that was answered and not ticked off, by a node that died in between or a connection that broke.
  if (await results.hasResult(id)) return 'known';
  const item = QueueItem.safeParse(job.data);
  if (!item.success) {
    const invalid = fault('request-invalid', {
      call: 'work',
      reason: clientReason('the item is not one of Outpost'),
    });
    await results.putResult(id, { input: id, fault: invalid });
    throw new UnrecoverableError(JSON.stringify(invalid));
  }
  const { name } = item.data;
  const outcome = await answered(item.data, await source(item.data, id, { results, parts }), parts);
  if (outcome.ok) {
    await results.putResult(id, outcome.value);
    parts.onDone(name, null);
    return 'answered';
  }
  const isLast = job.attemptsMade + 1 >= attempts;
  const faultText = JSON.stringify(outcome.fault);
  if (mayPass(outcome.fault) && !isLast) throw new Error(faultText);
  await results.putResult(id, { input: name, fault: outcome.fault });
  parts.onDone(name, outcome.fault);
  throw new UnrecoverableError(faultText);
}

type Source = { readonly path: string } | { readonly bytes: Uint8Array };

async function source(
  item: QueueItem,
  id: string,
  { results, parts }: { readonly results: ResultStore; readonly parts: WorkParts },
): Promise<Outcome<Source>> {
  if (item.source.kind === 'content') {
    const bytes = await results.content(id);
    if (bytes) return { ok: true, value: { bytes } };
    return { ok: false, fault: fault('file-not-found', { file: item.name }) };
  }
  if (parts.sharedRoot === null) {
    const reason = 'this node was given no --shared-root';
    return { ok: false, fault: fault('file-unreadable', { file: item.name, reason: clientReason(reason) }) };
  }
  const file = await sharedFile(parts.sharedRoot, item.source.path);
  return file.ok ? { ok: true, value: { path: file.value } } : file;
}

async function answered(
  item: QueueItem,
  from: Outcome<Source>,
  { engine }: WorkParts,
): Promise<Outcome<PredictionRecord>> {
  if (!from.ok) return from;
  const outcome = await engine.predict({
    source: from.value,
    name: item.name,
    priority: 'batch',
    ...(item.model !== null && { model: item.model }),
    ...(item.decode !== null && { decode: item.decode }),
    ...(item.thorough && { thorough: true }),
  });
  // The item stands for these bytes alone: an answer for others must not be kept under its id.
  if (outcome.ok && outcome.value.digest !== item.digest)
    return { ok: false, fault: fault('file-changed', { file: item.name }) };
  return outcome;
}

/** Another turn, perhaps on another node, may help: it passes by itself, or it is this node's and not the picture's. */
const mayPass = ({ code }: Fault): boolean =>
  faultTable[code].retry ||
  faultTable[code].exit === 1 ||
  code === 'file-not-found' ||
  code === 'file-unreadable';
