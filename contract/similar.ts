import { z } from 'zod';

/** From this cosine on two photos are the same one in another form, or shots of one burst. */
export const sameFrom = 0.95;

/** Four digits: what is kept of a vector gives no more. */
export const roundSimilarity = (cosine: number): number => Math.round(cosine * 10_000) / 10_000;

/** Cosine of the angle between two photos' feature vectors, -1 to 1. */
const Similarity = z.number().min(-1).max(1);

/** A photo that was answered before, whose file is still there as it was. */
export const SimilarPhoto = z.strictObject({
  path: z.string(),
  digest: z.string(),
  similarity: Similarity,
  /** First label of its answer by the same model, where there is one. */
  label: z.string().nullable(),
  score: z.number().nullable(),
  /** Other places of the same bytes. */
  copies: z.array(z.string()),
});
export type SimilarPhoto = z.infer<typeof SimilarPhoto>;

/** What is told of a comparison besides the photos. */
export const Compared = z.strictObject({
  model: z.string(),
  version: z.string(),
  packDigest: z.string(),
  variant: z.string(),
  /** Photos that were looked at. */
  compared: z.number().int(),
  /** Similar ones that are left out: their files are gone or have changed, or they came without a file. */
  missing: z.number().int(),
  /** Photos among which was looked, and that could not be read. */
  faults: z.number().int(),
});
export type Compared = z.infer<typeof Compared>;
export type SimilarAnswer = Compared & { readonly photos: readonly SimilarPhoto[] };

/** Photos that are alike, in the order of their names; there are two or more places. */
export const SimilarGroup = z.strictObject({
  /** The lowest similarity of any of them to the first that was answered. */
  similarity: Similarity,
  photos: z.array(
    z.strictObject({
      path: z.string(),
      digest: z.string(),
      /** When the file was last written, ISO 8601 UTC: shots of one burst are seconds apart. */
      writtenAt: z.string(),
    }),
  ),
});
export type SimilarGroup = z.infer<typeof SimilarGroup>;
export type GroupsAnswer = Compared & { readonly groups: readonly SimilarGroup[] };
