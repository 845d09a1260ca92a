import { client, valueOf } from '../state/client.ts';
import { lastVerdict } from '../state/reviewing.ts';
import { filterOf } from '../state/run-look.ts';
import { pageSize } from '../state/run-queries.ts';
import type { RunList } from '../state/run-queries.ts';
import type { PhotosPage } from '../state/try-page.ts';
import { confirmLabel, modelOf } from './confirm-label.ts';
import type { LabelTarget, Named } from './confirm-label.ts';
import { closeRow, openRow } from './look-at-run.ts';
import { showPhoto } from './move.ts';
import { perform } from './perform.ts';

/** Where a photo stands among others that are reviewed one after the other. */
export type ReviewPlace = {
  /** Goes to the next photo that nobody has said anything of; false where there is none. */
  readonly next: () => Promise<boolean>;
  readonly back: () => void;
  /** The list shows only those of which nobody has said anything. */
  readonly isOfOpen: boolean;
};

/** Says what is on a photo and goes on to the next one; false where nothing is left to review. */
export async function review(target: LabelTarget, label: Named, place: ReviewPlace): Promise<boolean> {
  const key = ['confirmed', modelOf(target.record), target.record.digest];
  const before = client.getQueryData<Named | null>(key) ?? null;
  lastVerdict.set({ ...target, before, back: place.back, hasLeft: place.isOfOpen });
  await confirmLabel(target, label);
  return place.next();
}

/** Takes back what was said last, and shows its photo. */
export async function undoVerdict(): Promise<void> {
  const last = lastVerdict.get();
  if (!last) return;
  lastVerdict.set(null);
  if ('takeBack' in last) return last.takeBack();
  // At once where it can be: the next key is meant for that photo.
  if (!last.hasLeft) last.back();
  await confirmLabel(last, last.before);
  if (last.hasLeft) last.back();
}

/** The photos of Try in the order of their strip. */
export const reviewInTry = ({ entries, current }: PhotosPage): ReviewPlace => ({
  isOfOpen: false,
  back: () => showPhoto(current),
  next: async () => {
    const others = [...entries.keys()].filter((at) => at !== current);
    for (const at of [...others.filter((at) => at > current), ...others]) {
      const entry = entries[at];
      if (entry?.answer.kind !== 'answered') continue;
      const model = modelOf(entry.answer.record);
      const { digest } = entry.answer.record;
      const known = await client.fetchQuery({
        queryKey: ['confirmed', model, digest],
        queryFn: () => valueOf('answers.confirmed', { digest, model }),
      });
      if (known !== null) continue;
      showPhoto(at);
      return true;
    }
    return false;
  },
});

type Shown = { readonly list: RunList; readonly index: number; readonly seq: number };

/** The photos of a run as its list shows them. */
export const reviewInRun = (shown: Shown): ReviewPlace => ({
  isOfOpen: shown.list.review === 'open',
  back: () => openRow(shown.list.run, shown.index),
  next: async () => {
    const at = await nextOpen(shown);
    if (at !== null) openRow(shown.list.run, at);
    // Nothing is left in a list of those to review.
    else if (shown.list.review === 'open') closeRow(shown.list.run);
    return at !== null;
  },
});

/**
 * The next item of the list that nobody has judged, behind this one and then from the top. Its own place is looked at as well: what was
 * judged leaves a list of those that are not, and the next one has its place.
 */
async function nextOpen({ list, index, seq }: Shown): Promise<number | null> {
  const { run, sort } = list;
  for (const [from, to] of [
    [index, Infinity],
    [0, index],
  ] as const)
    for (let offset = from; offset < to; offset += pageSize) {
      const page = await perform('runs.page', { run, ...filterOf(list), sort, offset, limit: pageSize });
      if (!page) return null;
      const at = page.rows.findIndex(
        (row) => row.seq !== seq && row.confirmed === null && row.fault === null,
      );
      if (at >= 0) return offset + at;
      if (offset + pageSize >= page.total) break;
    }
  return null;
}
