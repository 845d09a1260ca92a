import { z } from 'zod';

/** Cosine from which two photos count as versions of the same one, or shots of one burst. */
export const sameFrom = 0.95;

/** Most groups that the window lists, and most photos of each. */
export const mostGroups = 100;
export const mostGroupPhotos = 1_000;

/** Four digits: the precision of quantised vectors. */
export const roundSimilarity = (cosine: number): number => Math.round(cosine * 10_000) / 10_000;

/** Cosine similarity of two photos' feature vectors, -1 to 1. */
const Similarity = z.number().min(-1).max(1);

/** A photo that was answered before and whose file is unchanged. */
export const SimilarPhoto = z.strictObject({
  path: z.string(),
  digest: z.string(),
  similarity: Similarity,
  /** First label of its answer by the same model, if any. */
  label: z.string().nullable(),
  score: z.number().nullable(),
  /** Other files with the same bytes. */
  copies: z.array(z.string()),
});
export type SimilarPhoto = z.infer<typeof SimilarPhoto>;

/** Statistics of a comparison. */
export const Compared = z.strictObject({
  model: z.string(),
  version: z.string(),
  packDigest: z.string(),
  variant: z.string(),
  /** Number of photos compared. */
  compared: z.number().int(),
  /** Similar photos that are left out: their files were deleted or changed, or they came without a file. */
  missing: z.number().int(),
  /** Photos that could not be read. */
  faults: z.number().int(),
});
export type Compared = z.infer<typeof Compared>;
export type SimilarResult = Compared & { readonly photos: readonly SimilarPhoto[] };

/** Similar photos, sorted by name, in two or more files. */
export const SimilarGroup = z.strictObject({
  /** The lowest similarity of any of them to the one answered first. */
  similarity: Similarity,
  photos: z.array(
    z.strictObject({
      path: z.string(),
      digest: z.string(),
      /** Modification time of the file, ISO 8601 UTC: shots of one burst are seconds apart. */
      writtenAt: z.string(),
    }),
  ),
});
export type SimilarGroup = z.infer<typeof SimilarGroup>;
export type GroupsResult = Compared & { readonly groups: readonly SimilarGroup[] };
