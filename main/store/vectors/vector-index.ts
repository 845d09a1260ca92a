import { dotProducts, blockBytes, largestPages } from './dot-products.ts';

const pageBytes = 65_536;
/** Vectors per call of the function: the results, 4 bytes each, lie in memory before the vectors. */
const portion = 4_096;

export type Vector = { readonly seq: number; readonly length: number; readonly data: Uint8Array };
/** `similarity`: cosine to the query vector, -1 to 1. */
type Near = { readonly seq: number; readonly similarity: number };

/** Vectors of equal size in one block of memory, one byte per value, searched exhaustively. */
export type VectorIndex = {
  /** Values per vector. */
  readonly size: number;
  readonly count: number;
  /** The highest `seq` added. */
  readonly newest: number;
  readonly memoryBytes: number;
  /** False when the memory limit is reached. */
  add(vector: Vector): boolean;
  /** The most similar vectors, best first, none below `least`. */
  nearest(to: ArrayLike<number>, options: { readonly limit: number; readonly least: number }): Near[];
  /** The seq of the vector at a place; places count from 0 in order of adding. */
  seqAt(place: number): number;
  /** Cosines of the vector at `place` with those from `from` up to but not including `to`. */
  compare(place: number, from: number, to: number): Float32Array;
  pair(place: number, other: number): number;
  /** Each vector's scalar projection: its dot product with this one, divided by the vector's length. */
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
      // Grows by half, so that growing is rare; by less where the maximum is near.
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
  /** Dot products of the vector at this address with those from place `from` on; valid until the next call. */
  const sumsOf = (address: number, from: number, many: number): Int32Array => {
    dots({ query: address, rows: placeOf(from), count: many, stride, out: sums });
    return allSums;
  };

  /** Dot products of the vector at this address, divided by the product of both lengths. */
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

/** A vector of length zero is similar to nothing. */
const ratio = (sum: number, lengths: number): number => (lengths === 0 ? 0 : sum / lengths);

/** Keeps the list sorted, best first; of equal ones the one added first stays ahead. */
function insert(best: Near[], one: Near): void {
  let at = best.length;
  while (at > 0 && best[at - 1]!.similarity < one.similarity) at -= 1;
  best.splice(at, 0, one);
}

function grown<T extends Float64Array | Float32Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
