import { setImmediate as nextTurn } from 'node:timers/promises';

/** Frames of one camera: their numbers in the run, and when each was taken, in any order. */
export type Frames = { readonly seqs: Float64Array; readonly ms: Float64Array };

/** Frames that are handled in one turn of the event loop: a few milliseconds. */
export const framesAtOnce = 20_000;

/**
 * Merge sort by time, then number, one piece in each turn of the event loop. Cameras number their frames as they take them, so
 * most runs come sorted: pieces that follow each other are copied.
 */
export async function sortByTime({ seqs, ms }: Frames): Promise<Frames> {
  const count = seqs.length;
  const compare = (a: number, b: number): number => ms[a]! - ms[b]! || seqs[a]! - seqs[b]!;
  // Plain loops: `from` with a function takes half a second for a million.
  let order = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) order[at] = at;
  for (let from = 0; from < count; from += framesAtOnce) {
    order.subarray(from, from + framesAtOnce).sort(compare);
    await nextTurn();
  }
  let merged = new Uint32Array(count);
  for (let width = framesAtOnce; width < count; width *= 2) {
    for (let from = 0; from < count; from += 2 * width)
      await merge({ order, merged, compare }, [from, from + width, Math.min(count, from + 2 * width)]);
    [order, merged] = [merged, order];
  }
  const sorted = { seqs: new Float64Array(count), ms: new Float64Array(count) };
  for (let at = 0; at < count; at += 1) {
    sorted.seqs[at] = seqs[order[at]!]!;
    sorted.ms[at] = ms[order[at]!]!;
  }
  return sorted;
}

type Merging = {
  readonly order: Uint32Array;
  readonly merged: Uint32Array;
  readonly compare: (a: number, b: number) => number;
};

/** Joins the sorted spans `from` to `middle` and `middle` to `to`. */
async function merge(
  { order, merged, compare }: Merging,
  [from, middle, to]: readonly [number, number, number],
): Promise<void> {
  if (middle >= to || compare(order[middle - 1]!, order[middle]!) <= 0) {
    merged.set(order.subarray(from, to), from);
    return;
  }
  let left = from;
  let right = middle;
  for (let at = from; at < to; at += 1) {
    if (at % framesAtOnce === framesAtOnce - 1) await nextTurn();
    const takesLeft = left < middle && (right >= to || compare(order[left]!, order[right]!) <= 0);
    merged[at] = takesLeft ? order[left]! : order[right]!;
    if (takesLeft) left += 1;
    else right += 1;
  }
}
