import { UnrecoverableError, Worker } from 'bullmq';
import type { Job } from 'bullmq';
import { fault, faultTable } from '../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import { clientReason } from '../../contract/faults/reasons.ts';
import type { PredictionRecord } from '../../contract/runs/prediction.ts';
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
  /** Number of jobs that the node processes at a time. */
  readonly window: number;
  /** The only folder whose files items may refer to by path; null refuses every item without its content. */
  readonly sharedRoot: string | null;
  readonly onDone: (name: string, fault: Fault | null) => void;
  readonly log: (text: string) => void;
};
export type Node = {
  /** Takes no more jobs and finishes those in progress; those that exceed the grace period go to other nodes. */
  close(graceMs: number): Promise<void>;
};

// How long the lock of a dead node holds a job, and how often the other nodes look for such jobs.
const lockMs = 6_000;
const lookMs = 2_000;

/** Processes jobs of the queue until it is closed. */
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
  // To the log only: the connection reports a lost Redis once, here each pending command would report it again.
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
  // An earlier attempt stored the result but did not complete the job: its node died, or the connection broke.
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
  // The id is derived from the digest: a result for other bytes must not be stored under it.
  if (outcome.ok && outcome.value.digest !== item.digest)
    return { ok: false, fault: fault('file-changed', { file: item.name }) };
  return outcome;
}

/** Whether a retry, perhaps on another node, may help: the fault is transient, or caused by this node and not by the picture. */
const mayPass = ({ code }: Fault): boolean =>
  faultTable[code].retry ||
  faultTable[code].exit === 1 ||
  code === 'file-not-found' ||
  code === 'file-unreadable';
