import { z } from 'zod';
import { call } from './call.ts';
import { FileRef } from '../ids.ts';
import { Selection } from '../runs/selection.ts';
import { Compared, mostGroupPhotos } from '../runs/similar.ts';

/** Photos that are alike, as the window asks for them. */
export const similarCalls = {
  /** The most similar photos that were answered before, best first; `selection` refers to the same ones. */
  'similar.find': call({
    in: z.strictObject({ ref: FileRef }),
    out: Compared.extend({
      selection: Selection,
      photos: z.array(
        z.strictObject({
          ref: FileRef,
          /** Name of the folder that contains it. */
          folder: z.string(),
          similarity: z.number(),
          label: z.string().nullable(),
          /** Number of other files with the same bytes. */
          copies: z.number().int(),
        }),
      ),
    }),
    clients: ['window'],
  }),
  /** What a question would have to read first is read now; answered at once. */
  'similar.prepare': call({ in: z.void(), out: z.void(), clients: ['window'] }),
  /** All stored photos that are alike, in groups, the largest first; `total` counts those that are not listed, too. */
  'similar.groups': call({
    in: z.strictObject({ least: z.number().min(0.5).max(1) }),
    out: Compared.extend({
      total: z.number().int(),
      groups: z.array(
        z.strictObject({
          /** The lowest of any of them to the first that was answered. */
          similarity: z.number(),
          count: z.number().int(),
          /** Name of the folder that all of them lie in; null where there are several. */
          folder: z.string().nullable(),
          /** When the first and the last of them were written, ISO 8601 UTC. */
          from: z.string(),
          to: z.string(),
          photos: z.array(z.strictObject({ ref: FileRef, name: z.string() })),
        }),
      ),
    }),
    clients: ['window'],
  }),
  /** The photos of a group as what a person chose: to be answered, or to be run. */
  'similar.select': call({
    in: z.strictObject({ refs: z.array(FileRef).min(1).max(mostGroupPhotos) }),
    out: Selection,
    clients: ['window'],
  }),
} as const;
