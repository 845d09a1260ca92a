import type { Root, TargetFile, Targets } from '@tufjs/models';
import { FeedNotes, RootNotes, TargetCustom } from '../../contract/lifecycle/feed.ts';

/* What Outpost says inside the signed metadata, beside what The Update Framework says. */
const field = 'x-outpost';

export const withNotes = (notes: FeedNotes | RootNotes) => ({ [field]: notes });
export const customOf = (custom: TargetCustom) => ({ custom: { outpost: custom } });

export const readRootNotes = (root: Root) => RootNotes.safeParse(root.unrecognizedFields[field]);
export const readFeedNotes = (targets: Targets) => FeedNotes.safeParse(targets.unrecognizedFields[field]);
export const readCustom = (target: TargetFile) => TargetCustom.safeParse(target.custom['outpost']);

/** Names of keys by their id. */
export function keyNames(root: Root): ReadonlyMap<string, string> {
  const notes = readRootNotes(root);
  return new Map(Object.entries((notes.success && notes.data.keyNames) || {}));
}
