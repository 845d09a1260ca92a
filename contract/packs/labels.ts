import { z } from 'zod';

/** `labels.json`: entry i describes output index i. */
export const Labels = z.array(
  z.strictObject({
    index: z.number().int().min(0),
    id: z.string(),
    name: z.string(),
    group: z.string().optional(),
  }),
);
export type Labels = z.infer<typeof Labels>;

/** One label with its score; a probability, 0 to 1, where the model's steps make one. */
export const LabelScore = z.strictObject({
  index: z.number().int(),
  id: z.string(),
  label: z.string(),
  score: z.number(),
});
export type LabelScore = z.infer<typeof LabelScore>;
