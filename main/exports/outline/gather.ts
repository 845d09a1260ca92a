import type { OutlinePlace } from '../../store/index.ts';
import type { ChosenSlice } from './slices.ts';

/** What is known of the items of one origin, in the order in which origins appear in the walk. */
export type OriginNotes = {
  readonly labels: Set<string>;
  readonly firstSeq: number;
  /** Of the first photo that says it. */
  place: OutlinePlace | null;
  offset: { readonly seq: number; readonly offset: string } | null;
  /** Chosen items with a time of capture. */
  timed: number;
  /** Items with a time of capture, chosen or not: their numbers, and seconds by the camera's own clock. */
  readonly seqs: number[];
  readonly seconds: number[];
};

/** What a walk over a run adds up to. */
export type Gathered = {
  readonly origins: Map<number, OriginNotes>;
  readonly originAt: Int32Array;
  readonly chosen: Uint8Array;
  total: number;
  duplicates: number;
  faults: number;
  untimed: number;
};

export const emptyGathered = (items: number): Gathered => ({
  origins: new Map(),
  originAt: new Int32Array(items),
  chosen: new Uint8Array(items),
  total: 0,
  duplicates: 0,
  faults: 0,
  untimed: 0,
});

export function gather(into: Gathered, { slice, chosen, duplicates }: ChosenSlice): void {
  into.duplicates += duplicates;
  const { seqs, origins, taken, isFault, labels, labelsAt } = slice;
  const labelled = new Set<number>();
  for (const [at, seq] of seqs.entries()) {
    const origin = origins[at]!;
    const notes = notesOf(into, origin, seq);
    into.originAt[seq] = origin;
    const isTimed = !Number.isNaN(taken[at]!);
    if (isTimed) {
      notes.seqs.push(seq);
      notes.seconds.push(taken[at]!);
    }
    const pair = origin * labels.length + labelsAt[at]!;
    if (!labelled.has(pair)) {
      labelled.add(pair);
      for (const label of labels[labelsAt[at]!]!) notes.labels.add(label);
    }
    if (chosen[at] === 0) continue;
    into.chosen[seq] = 1;
    into.total += 1;
    if (isFault[at] === 1) into.faults += 1;
    else if (isTimed) notes.timed += 1;
    else into.untimed += 1;
  }
  for (const place of slice.places) notesOf(into, place.origin, place.seq).place ??= place;
  for (const each of slice.offsets) notesOf(into, each.origin, each.seq).offset ??= each;
}

function notesOf({ origins }: Gathered, origin: number, seq: number): OriginNotes {
  const known = origins.get(origin);
  if (known) return known;
  const made: OriginNotes = {
    labels: new Set(),
    firstSeq: seq,
    place: null,
    offset: null,
    timed: 0,
    seqs: [],
    seconds: [],
  };
  origins.set(origin, made);
  return made;
}
