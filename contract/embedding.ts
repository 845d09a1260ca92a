import { z } from 'zod';

/** Largest of the whole numbers that stand for a value. */
const most = 127;

/**
 * A feature vector as it is kept: whole numbers of one byte each, from -127 to 127; value i is `scale` × `values[i]`. The
 * cosine of two vectors kept so differs from that of the vectors themselves by less than 0.002 (test/worker/embedding.test.ts).
 */
export const Embedding = z.strictObject({
  scale: z.number().min(0),
  values: z.array(z.number().int().min(-most).max(most)).readonly(),
});
export type Embedding = z.infer<typeof Embedding>;

/** Null where a value is no finite number: such a vector is like nothing. */
export function packEmbedding(values: ArrayLike<number>): Embedding | null {
  let largest = 0;
  for (let at = 0; at < values.length; at += 1) {
    const size = Math.abs(values[at]!);
    if (!Number.isFinite(size)) return null;
    largest = Math.max(largest, size);
  }
  const scale = largest / most;
  // `+ 0`: JSON has no negative zero, and the stored vector must be the one that was answered.
  const packed = Array.from(values, (value) => (scale === 0 ? 0 : Math.round(value / scale) + 0));
  return { scale, values: packed };
}

/** The values themselves, to five digits: the packed ones have no more than two or three. */
export const embeddingValues = ({ scale, values }: Embedding): number[] =>
  values.map((value) => Number((value * scale).toPrecision(5)));

/** Length of the vector of whole numbers. */
export const lengthOf = (values: ArrayLike<number>): number => Math.sqrt(dot(values, values));

/** Cosine of the angle between two vectors, -1 to 1; 0 where one has no length or they are not of one size. */
export function similarityOf(a: Embedding, b: Embedding): number {
  if (a.values.length !== b.values.length) return 0;
  const lengths = lengthOf(a.values) * lengthOf(b.values);
  return lengths === 0 ? 0 : dot(a.values, b.values) / lengths;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += a[at]! * b[at]!;
  return sum;
}
