import { dotProducts, blockBytes, largestPages } from './dot-products.ts';

const pageBytes = 65_536;
/** Vectors that one call of the function takes: their sums, 4 bytes each, lie before the vectors. */
const portion = 4_096;

export type Vector = { readonly seq: number; readonly length: number; readonly data: Uint8Array };
/** Cosine of the angle to the vector that was asked with, -1 to 1. */
export type Near = { readonly seq: number; readonly similarity: number };

/** Vectors of one size in one piece of memory, one byte a value, compared by looking at all of them. */
export type VectorIndex = {
  /** Values of a vector. */
  readonly size: number;
  readonly count: number;
  /** The highest `seq` that was added. */
  readonly newest: number;
  readonly memoryBytes: number;
  /** False where no room is left for it. */
  add(vector: Vector): boolean;
  /** The most similar ones, best first, none below `least`. */
  nearest(to: ArrayLike<number>, options: { readonly limit: number; readonly least: number }): Near[];
  /** By place, in order of arrival. */
  seqAt(place: number): number;
  /** Cosines of the vector at a place with those at all places from `from` up to `to`,. */
  compare(place: number, from: number, to: number): Float32Array;
  pair(place: number, other: number): number;
  /** Of each vector: its dot product with this one, divided by its own length. */
  project(onto: Int8Array): Float32Array;
};

export function createVectorIndex(size: number): VectorIndex {
  const stride = Math.ceil(size / blockBytes) * blockBytes;
  const sums = Math.ceil(stride / blockBytes) * blockBytes;
  const start = sums + portion * 4;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(start / pageBytes), maximum: largestPages });
  const dots = dotProducts(memory);
  let bytes = new Uint8Array(memory.buffer);
  let seqs = new Float64Array(1_024);
  let lengths = new Float32Array(1_024);
  let count = 0;
  let newest = 0;

  const placeOf = (at: number): number => start + at * stride;
  const makeRoom = (): boolean => {
    const missing = placeOf(count + 1) - bytes.byteLength;
    if (missing > 0) {
      // Half as much again, so that growing is rare; less where that is too much.
      const wanted = Math.ceil(missing / pageBytes);
      const room = largestPages - bytes.byteLength / pageBytes;
      if (wanted > room) return false;
      memory.grow(Math.min(room, Math.max(wanted, Math.ceil(bytes.byteLength / 2 / pageBytes))));
      bytes = new Uint8Array(memory.buffer);
      allSums = new Int32Array(memory.buffer, sums, portion);
    }
    if (count === seqs.length) {
      seqs = grown(seqs, new Float64Array(count * 2));
      lengths = grown(lengths, new Float32Array(count * 2));
    }
    return true;
  };

  let allSums = new Int32Array(memory.buffer, sums, portion);
  /** Sums of the vector at this address with those at the places from `from` on, until the next call. */
  const sumsOf = (address: number, from: number, many: number): Int32Array => {
    dots({ query: address, rows: placeOf(from), count: many, stride, out: sums });
    return allSums;
  };

  /** Dot products of what lies at this address, by the length of each. */
  const divided = (
    address: number,
    { from, to, by }: { readonly from: number; readonly to: number; readonly by: number },
  ) => {
    const all = new Float32Array(to - from);
    for (let first = from; first < to; first += portion) {
      const many = Math.min(portion, to - first);
      const found = sumsOf(address, first, many);
      for (let at = 0; at < many; at += 1)
        all[first - from + at] = ratio(found[at]!, by * lengths[first + at]!);
    }
    return all;
  };
  const ask = (vector: Int8Array): void => {
    bytes.fill(0, 0, stride);
    bytes.set(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength), 0);
  };

  return {
    size,
    get count() {
      return count;
    },
    get newest() {
      return newest;
    },
    get memoryBytes() {
      return bytes.byteLength + seqs.byteLength + lengths.byteLength;
    },
    add({ seq, length, data }) {
      if (!makeRoom()) return false;
      bytes.set(data, placeOf(count));
      seqs[count] = seq;
      lengths[count] = length;
      count += 1;
      newest = Math.max(newest, seq);
      return true;
    },
    nearest(to, { limit, least }) {
      const own = Int8Array.from(to);
      const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0));
      ask(own);
      const best: Near[] = [];
      let worst = least;
      for (let from = 0; from < count; from += portion) {
        const many = Math.min(portion, count - from);
        const found = sumsOf(0, from, many);
        for (let at = 0; at < many; at += 1) {
          const similarity = ratio(found[at]!, length * lengths[from + at]!);
          if (similarity < worst || (best.length === limit && similarity === worst)) continue;
          insert(best, { seq: seqs[from + at]!, similarity });
          if (best.length > limit) best.pop();
          if (best.length === limit) worst = best[limit - 1]!.similarity;
        }
      }
      return best;
    },
    seqAt: (place) => seqs[place]!,
    compare: (place, from, to) => divided(placeOf(place), { from, to, by: lengths[place]! }),
    pair: (place, other) => ratio(sumsOf(placeOf(place), other, 1)[0]!, lengths[place]! * lengths[other]!),
    project(onto) {
      ask(onto);
      return divided(0, { from: 0, to: count, by: 1 });
    },
  };
}

/** A vector without any length is like none. */
const ratio = (sum: number, lengths: number): number => (lengths === 0 ? 0 : sum / lengths);

/** Keeps the order, best first; of equal ones the older goes first. */
function insert(best: Near[], one: Near): void {
  let at = best.length;
  while (at > 0 && best[at - 1]!.similarity < one.similarity) at -= 1;
  best.splice(at, 0, one);
}

function grown<T extends Float64Array | Float32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
