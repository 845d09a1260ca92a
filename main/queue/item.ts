import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DecodeWay, Digest } from '../../contract/ids.ts';

/** One picture in the queue. Validated when it is read: anyone with access to Redis can write anything. */
export const QueueItem = z.strictObject({
  /** Name to show: the path relative to the submitted folder. */
  name: z.string().min(1).max(4096),
  digest: Digest,
  model: z.string().min(1).max(400).nullable(),
  decode: DecodeWay.nullable(),
  /** Absent unless asked for, so that nodes of older versions accept all other items. */
  thorough: z.literal(true).optional(),
  source: z.discriminatedUnion('kind', [
    /** The content is in Redis beside the item. */
    z.strictObject({ kind: z.literal('content'), sizeBytes: z.number().int().positive() }),
    /** Path below the shared root, with `/` as separator. */
    z.strictObject({ kind: z.literal('shared'), path: z.string().min(1).max(4096) }),
  ]),
});
export type QueueItem = z.infer<typeof QueueItem>;

/** The same content for the same model has the same id, whoever submits it and how often. */
export function itemId({
  digest,
  model,
  decode,
  thorough,
}: Pick<QueueItem, 'digest' | 'model' | 'decode' | 'thorough'>): string {
  return createHash('sha256')
    .update([digest, model ?? '', decode ?? '', ...(thorough ? ['thorough'] : [])].join('\n'))
    .digest('hex');
}

/** Expiry of results and contents, in seconds. */
export const retentionSeconds = 7 * 24 * 3600;
/** Largest file that is queued with its content, in bytes. */
export const contentLimit = 64 * 1024 ** 2;
export const attempts = 3;
