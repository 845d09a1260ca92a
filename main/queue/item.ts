import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DecodeWay, Digest } from '../../contract/ids.ts';

/** One picture to answer, as it lies in the queue. Who can write to Redis can write anything: it is read by schema. */
export const QueueItem = z.strictObject({
  /** What a person calls the file, relative to the folder that was submitted. */
  name: z.string().min(1).max(4096),
  digest: Digest,
  model: z.string().min(1).max(400).nullable(),
  decode: DecodeWay.nullable(),
  /** Absent where it is not asked for: nodes that do not know it answer all other items. */
  thorough: z.literal(true).optional(),
  source: z.discriminatedUnion('kind', [
    /** The bytes lie in Redis beside the item. */
    z.strictObject({ kind: z.literal('content'), sizeBytes: z.number().int().positive() }),
    /** Below the shared root, with `/` between its parts. */
    z.strictObject({ kind: z.literal('shared'), path: z.string().min(1).max(4096) }),
  ]),
});
export type QueueItem = z.infer<typeof QueueItem>;

/** The same content for the same model is the same item, whoever submits it and how often. */
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

/** Results and contents stay this long at most, in seconds. */
export const retentionSeconds = 7 * 24 * 3600;
/** Largest file that travels by content, in bytes. */
export const contentLimit = 64 * 1024 ** 2;
export const attempts = 3;
