import { describe, expect, it } from 'vitest';
import { createVectorIndex } from '../../../main/store/vectors/vector-index.ts';
import type { VectorIndex } from '../../../main/store/vectors/vector-index.ts';

/** Whole numbers from -127 to 127 that are the same at each run. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round((state / 2 ** 32) * 254) - 127;
  };
}

const vectors = (count: number, size: number, seed = 1): Int8Array[] => {
  const next = numbers(seed);
  return Array.from({ length: count }, () => Int8Array.from({ length: size }, next));
};
const dot = (one: Int8Array, other: Int8Array): number =>
  one.reduce((sum, value, at) => sum + value * other[at]!, 0);
const cosine = (one: Int8Array, other: Int8Array): number =>
  dot(one, other) / Math.sqrt(dot(one, one) * dot(other, other));

function indexOf(all: readonly Int8Array[], size: number): VectorIndex {
  const index = createVectorIndex(size);
  all.forEach((data, at) =>
    index.add({ seq: at + 1, length: Math.sqrt(dot(data, data)), data: new Uint8Array(data.buffer) }),
  );
  return index;
}

describe('a vector index', () => {
  it.each([1, 15, 16, 17, 64, 1280])('gives the cosines of plain arithmetic for %d values', (size) => {
    // More than one portion of the function, and memory that grew.
    const all = vectors(size === 64 ? 9_000 : 300, size);
    const index = indexOf(all, size);
    const query = vectors(1, size, 7)[0]!;
    const wanted = all
      .map((data, at) => ({ seq: at + 1, similarity: cosine(query, data) }))
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, 12);
    const found = index.nearest(query, { limit: 12, least: -1 });
    expect(found.map(({ similarity }) => similarity)).toEqual(
      wanted.map(({ similarity }) => expect.closeTo(similarity, 5) as number),
    );
    if (size > 1) expect(found.map(({ seq }) => seq)).toEqual(wanted.map(({ seq }) => seq));
  });

  it('gives the largest sums right', () => {
    const largest = new Int8Array(4096).fill(-127);
    const index = indexOf([largest, largest.map(() => 127)], 4096);
    expect(index.nearest(largest, { limit: 2, least: -1 })).toEqual([
      { seq: 1, similarity: expect.closeTo(1, 6) as number },
      { seq: 2, similarity: expect.closeTo(-1, 6) as number },
    ]);
  });

  it('leaves out what is below the lowest, keeps the order of equal ones, and is empty at first', () => {
    const one = Int8Array.of(1, 0);
    const index = indexOf([one, Int8Array.of(0, 1), one, one], 2);
    expect(index.nearest(one, { limit: 2, least: 0.5 }).map(({ seq }) => seq)).toEqual([1, 3]);
    expect(index.nearest(one, { limit: 9, least: 0.5 }).map(({ seq }) => seq)).toEqual([1, 3, 4]);
    expect(createVectorIndex(2).nearest(one, { limit: 9, least: -1 })).toEqual([]);
    expect(index.nearest(Int8Array.of(0, 0), { limit: 9, least: 0.1 })).toEqual([]);
  });

  it('compares the vector at a place with a range of others', () => {
    const all = vectors(40, 33);
    const cosines = indexOf(all, 33).compare(5, 10, 40);
    expect([...cosines]).toEqual(
      all.slice(10).map((data) => expect.closeTo(cosine(all[5]!, data), 5) as number),
    );
  });
});
