import { Queue } from 'bullmq';
import type { Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { Fault, fault } from '../../contract/faults/faults.ts';
import { clientReason } from '../../contract/faults/reasons.ts';
import { attempts, retentionSeconds, QueueItem } from './item.ts';
import type { QueueAddress } from './queue-address.ts';

/** State of an item; `lost`: Redis does not know it (any more). */
type ItemState =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly fault: Fault }
  | { readonly kind: 'lost' };
type JobCounts = {
  readonly waiting: number;
  readonly active: number;
  readonly done: number;
  readonly failed: number;
};
export type JobQueue = {
  add(id: string, item: QueueItem): Promise<void>;
  state(id: string): Promise<ItemState>;
  remove(id: string): Promise<void>;
  counts(): Promise<JobCounts>;
  failures(most: number): Promise<readonly { readonly name: string; readonly fault: Fault }[]>;
  close(): Promise<void>;
};

/** The producer's side of the queue. Adding an existing item changes nothing. */
export function openJobQueue(redis: Redis, { name }: Pick<QueueAddress, 'name'>): JobQueue {
  const queue = new Queue<unknown>(name, { connection: redis });
  queue.on('error', () => undefined);
  return {
    add: async (id, item) => {
      await queue.add('picture', item, {
        jobId: id,
        attempts,
        backoff: { type: 'fixed', delay: 500 },
        removeOnComplete: { age: retentionSeconds },
        removeOnFail: { age: retentionSeconds },
      });
    },
    state: async (id) => {
      const job = await queue.getJob(id);
      if (!job) return { kind: 'lost' };
      if (await job.isFailed()) return { kind: 'failed', fault: faultOf(job) };
      return { kind: (await job.isCompleted()) ? 'done' : 'waiting' };
    },
    remove: async (id) => {
      await queue.remove(id);
    },
    counts: async () => {
      const { waiting, prioritized, delayed, active, completed, failed } = await queue.getJobCounts();
      return {
        waiting: (waiting ?? 0) + (prioritized ?? 0) + (delayed ?? 0),
        active: active ?? 0,
        done: completed ?? 0,
        failed: failed ?? 0,
      };
    },
    failures: async (most) => {
      const jobs = (await queue.getFailed(0, most - 1)) as readonly Job<unknown>[];
      return jobs.map((job) => ({ name: nameOf(job), fault: faultOf(job) }));
    },
    close: () => queue.close(),
  };
}

const nameOf = (job: Job<unknown>): string => QueueItem.safeParse(job.data).data?.name ?? job.id ?? '';

/** Nodes store their fault as JSON; without one, the node died at each attempt. */
function faultOf(job: Job<unknown>): Fault {
  try {
    return Fault.parse(JSON.parse(job.failedReason));
  } catch {
    return fault('worker-crashed', {
      file: nameOf(job),
      reason: clientReason(`the node that had it was gone ${attempts} times`),
    });
  }
}
