import type { ExportChoice } from '../../../contract/runs/export.ts';
import type { OutlineSlice, Store, StoredExportRun } from '../../store/index.ts';

/** Items per query: the store takes about 10 ms for them, and what is done with them here one. */
const sliceSize = 2_500;
/** Of the first queries, where few items are asked for. */
const firstSize = 100;

export type OutlinedRun = Pick<StoredExportRun, 'id' | 'items'>;
/** `chosen`: by position in the slice, which of its items the choice takes; `duplicates`: those that have the content of one before. */
export type ChosenSlice = Chosen & { readonly slice: OutlineSlice };
type Chosen = { readonly chosen: Uint8Array; readonly duplicates: number };

type WalkOptions = {
  readonly choice: ExportChoice;
  readonly signal?: AbortSignal | undefined;
  /** Passes over what has none of the items that were asked for by number. */
  readonly onlyChosen?: boolean;
};

/** The items of a run, piece by piece. Ends early when it is stopped: look at the signal. */
export async function* walkOutline(
  store: Store,
  { id, items }: OutlinedRun,
  { choice, signal, onlyChosen = false }: WalkOptions,
): AsyncGenerator<ChosenSlice> {
  const choose = createChoose(choice, items);
  let size = onlyChosen ? firstSize : sliceSize;
  let to = 0;
  while (to < items && !signal?.aborted) {
    const span = { from: to, to: Math.min(items, to + size) };
    to = span.to;
    size = Math.min(sliceSize, size * 2);
    if (onlyChosen && !choose.mayHave(span)) continue;
    const slice = await store.outlineItems(id, span);
    yield { slice, ...choose.of(slice) };
  }
}

type Choose = {
  mayHave(span: { readonly from: number; readonly to: number }): boolean;
  of(slice: OutlineSlice): Chosen;
};

function createChoose(
  { labels, minScore, reviewed, duplicates, items }: ExportChoice,
  count: number,
): Choose {
  const wanted = labels && new Set(labels.map((label) => label.toLowerCase()));
  const numbered = items && new Uint8Array(count);
  for (const seq of items ?? []) numbered![seq] = 1;
  /** By item: whether it, or a duplicate of it, was chosen before. */
  const taken = new Uint8Array(count);
  return {
    mayHave: ({ from, to }) => !numbered || numbered.subarray(from, to).includes(1),
    of(slice) {
      const fits = slice.labels.map((found) => !wanted || found.some((label) => wanted.has(label)));
      const fitsEmpty = !wanted || wanted.has('empty');
      const hasLabel = (at: number): boolean => {
        const found = slice.labelsAt[at]!;
        return slice.labels[found]!.length === 0 && !slice.isFault[at] ? fitsEmpty : fits[found]!;
      };
      const hasScore = (at: number): boolean =>
        minScore === undefined || (Number.isNaN(slice.scores[at]!) ? 0 : slice.scores[at]!) >= minScore;
      const isReviewed = (at: number): boolean =>
        reviewed === undefined || (slice.isConfirmed[at] === 1) === (reviewed === 'yes');
      let repeated = 0;
      const chosen = Uint8Array.from(slice.seqs, (seq, at) => {
        const fitsIn = hasLabel(at) && hasScore(at) && isReviewed(at) && (!numbered || numbered[seq] === 1);
        if (!fitsIn) return 0;
        const content = slice.duplicateOf[at] === -1 ? seq : slice.duplicateOf[at]!;
        const isDuplicate = taken[content] === 1;
        taken[content] = 1;
        if (isDuplicate) repeated += 1;
        return isDuplicate && duplicates === 'leave-out' ? 0 : 1;
      });
      return { chosen, duplicates: repeated };
    },
  };
}
