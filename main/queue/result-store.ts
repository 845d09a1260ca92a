import type { Redis } from 'ioredis';
import { PredictionOutcome } from '../../contract/runs/prediction.ts';
import { retentionSeconds } from './item.ts';
import type { QueueAddress } from './queue-address.ts';

/** The contents of waiting items and the results, in Redis beside the queue. All writes are idempotent. */
export type ResultStore = {
  putContent(id: string, bytes: Uint8Array): Promise<void>;
  content(id: string): Promise<Buffer | null>;
  dropContent(id: string): Promise<void>;
  putResult(id: string, outcome: PredictionOutcome): Promise<void>;
  hasResult(id: string): Promise<boolean>;
  read(ids: readonly string[]): Promise<readonly (PredictionOutcome | null)[]>;
  dropResult(id: string): Promise<void>;
};

/** Keys begin with `outpost:<queue>:`, so they cannot clash with BullMQ's. */
export function openResultStore(redis: Redis, { name }: Pick<QueueAddress, 'name'>): ResultStore {
  const contentKey = (id: string): string => `outpost:${name}:content:${id}`;
  const resultKey = (id: string): string => `outpost:${name}:result:${id}`;
  return {
    putContent: async (id, bytes) => {
      await redis.set(contentKey(id), Buffer.from(bytes), 'EX', retentionSeconds);
    },
    content: (id) => redis.getBuffer(contentKey(id)),
    dropContent: async (id) => {
      await redis.del(contentKey(id));
    },
    putResult: async (id, outcome) => {
      // One transaction: a node that dies leaves the content or the result, never both or neither.
      const replies = await redis
        .multi()
        .set(resultKey(id), JSON.stringify(outcome), 'EX', retentionSeconds)
        .del(contentKey(id))
        .exec();
      const refused = replies?.find(([error]) => error !== null)?.[0];
      if (refused) throw refused;
    },
    hasResult: async (id) => (await redis.exists(resultKey(id))) === 1,
    read: async (ids) => {
      if (ids.length === 0) return [];
      return (await redis.mget(ids.map(resultKey))).map(parsed);
    },
    dropResult: async (id) => {
      await redis.del(resultKey(id));
    },
  };
}

function parsed(text: string | null): PredictionOutcome | null {
  if (text === null) return null;
  try {
    return PredictionOutcome.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
