import { z } from 'zod';

/** Largest quantised value. */
const most = 127;

/**
 * A feature vector quantised to signed bytes, -127 to 127: value i is `scale` × `values[i]`. The cosine of two
 * quantised vectors differs by less than 0.002 from that of the originals (test/worker/feature-extraction.test.ts).
 */
export const Embedding = z.strictObject({
  scale: z.number().min(0),
  values: z.array(z.number().int().min(-most).max(most)).readonly(),
});
export type Embedding = z.infer<typeof Embedding>;

/** Quantises a vector; null when a value is not finite. */
export function packEmbedding(values: ArrayLike<number>): Embedding | null {
  let largest = 0;
  for (let at = 0; at < values.length; at += 1) {
    const size = Math.abs(values[at]!);
    if (!Number.isFinite(size)) return null;
    largest = Math.max(largest, size);
  }
  const scale = largest / most;
  // `+ 0` turns -0 into 0: JSON has no negative zero, and the stored vector must equal the returned one.
  const packed: number[] = [];
  for (let at = 0; at < values.length; at += 1)
    packed.push(scale === 0 ? 0 : Math.round(values[at]! / scale) + 0);
  return { scale, values: packed };
}

/** The dequantised values, rounded to five digits: quantised ones have no more than two or three. */
export const embeddingValues = ({ scale, values }: Embedding): number[] =>
  values.map((value) => Number((value * scale).toPrecision(5)));

/** Euclidean length of the quantised vector. */
export const lengthOf = (values: ArrayLike<number>): number => Math.sqrt(dot(values, values));

/** Cosine similarity, -1 to 1; 0 when a vector has length zero or the sizes differ. */
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
