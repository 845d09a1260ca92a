import { z } from 'zod';
import { FileRef, SelectionId } from '../ids.ts';

/** Files that a person chose, dropped or pasted: a few by name, or a whole folder to walk. */
export const SelectedFile = z.strictObject({
  ref: FileRef,
  name: z.string(),
  size: z.number(),
  title: z.string().nullable(),
  /** ISO 8601 UTC, for a picture from the clipboard, whose file name is meaningless. */
  pastedAt: z.string().optional(),
});
export type SelectedFile = z.infer<typeof SelectedFile>;
export const Selection = z.strictObject({
  id: SelectionId,
  title: z.string(),
  /** At most the first 60; a run walks the rest. */
  files: z.array(SelectedFile),
  /** True when the selection contains a folder, or more files than `files` lists. */
  many: z.boolean(),
  /** Set when a single folder was chosen: it may be a pack or a feed. */
  folder: FileRef.optional(),
});
export type Selection = z.infer<typeof Selection>;
