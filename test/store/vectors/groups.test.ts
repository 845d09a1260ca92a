import { describe, expect, it } from 'vitest';
import { findGroups } from '../../../main/store/vectors/groups.ts';
import { createVectorIndex } from '../../../main/store/vectors/vector-index.ts';
import type { VectorIndex } from '../../../main/store/vectors/vector-index.ts';

function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** So many vectors that share nothing but a lean to one side, as real ones do; each `every`-th has a near copy behind it. */
function seeded(count: number, every: number, size = 64): { index: VectorIndex; pairs: number } {
  const next = numbers(3);
  const index = createVectorIndex(size);
  let pairs = 0;
  const add = (values: Int8Array): void => {
    const length = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    index.add({ seq: index.count + 1, length, data: new Uint8Array(values.buffer) });
  };
  while (index.count < count) {
    const values = Int8Array.from({ length: size }, () => Math.round(next() * 150 - 50));
    add(values);
    if (index.count % every !== 0) continue;
    add(values.map((value) => Math.max(-127, Math.min(127, Math.round(value + next() * 24 - 12)))));
    pairs += 1;
  }
  return { index, pairs };
}

describe('groups of vectors', () => {
  it('are joined by steps, and nothing else is in them', () => {
    const index = createVectorIndex(2);
    for (const degrees of [0, 90, 10, 20, 95, 180]) {
      const data = Int8Array.of(
        Math.round(100 * Math.cos((degrees * Math.PI) / 180)),
        Math.round(100 * Math.sin((degrees * Math.PI) / 180)),
      );
      const length = Math.hypot(data[0]!, data[1]!);
      index.add({ seq: index.count + 1, length, data: new Uint8Array(data.buffer) });
    }
    expect(findGroups(index, Math.cos((12 * Math.PI) / 180))).toEqual([
      [0, 2, 3],
      [1, 4],
    ]);
    expect(findGroups(createVectorIndex(2), 0.5)).toEqual([]);
  });

  it('of thousands are found by their hashes: hardly one is missed, none is made up, and they are the same again', () => {
    const { index, pairs } = seeded(6_000, 10);
    const groups = findGroups(index, 0.95);
    const real = groups.filter(([one, other]) => index.pair(one!, other!) >= 0.95 && other! - one! === 1);
    expect(groups.every((group) => group.length === 2)).toBe(true);
    expect(real).toHaveLength(groups.length);
    expect(groups.length).toBeGreaterThan(pairs * 0.98);
    expect(findGroups(index, 0.95)).toEqual(groups);
  });
});
