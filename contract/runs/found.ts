import { z } from 'zod';

/** How many of a label there are. */
const FoundCount = z.strictObject({ label: z.string(), count: z.number().int() });

/**
 * What a list shows of a result whose task finds things on a photo: how many of each label count, the label of the best one
 * first, and the best of their boxes in pixels of the photo as a person sees it. No counts: the photo is empty.
 */
export const Found = z.strictObject({
  width: z.number().int(),
  height: z.number().int(),
  counts: z.array(FoundCount),
  boxes: z.array(
    z.strictObject({
      index: z.number().int(),
      box: z.tuple([z.number(), z.number(), z.number(), z.number()]),
    }),
  ),
});
export type Found = z.infer<typeof Found>;

/** Most boxes of a photo in a list: more would fill a small picture. */
export const mostListedBoxes = 24;

/** What a person confirms where there is nothing to name; no label of a model has this id. */
export const nothing = { id: '', name: '' } as const;
