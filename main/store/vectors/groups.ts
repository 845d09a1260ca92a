import type { VectorIndex } from './vector-index.ts';

/**
 * Up to this many vectors are compared all with all, which takes seconds at half a billion values per second and core.
 */
const mostPairwise = 4_000;
/** Number of hash tables: about one pair in some hundred with a cosine of 0.95 shares a bucket in none of them. */
const tables = 24;
/** Most vectors of its bucket that one is compared with, the next in order: a burst is stored in order. */
const mostCompared = 256;

/**
 * Groups of two or more similar vectors, as their places in the index: the connected components of the graph that links
 * two vectors whose cosine is at least `least`. A few thousand are compared all with all. With more, only pairs that
 * share a bucket are compared, by locality-sensitive hashing (signs of projections onto a dozen random planes, 24
 * tables): a pair above 0.95 is missed rarely, one at 0.99 practically never. The seed is fixed, so the groups are
 * reproducible.
 */
export function findGroups(index: VectorIndex, least: number): readonly (readonly number[])[] {
  const { count } = index;
  const sets = disjointSets(count);
  if (count <= mostPairwise) {
    for (let place = 0; place + 1 < count; place += 1)
      index.compare(place, place + 1, count).forEach((similarity, at) => {
        if (similarity >= least) sets.join(place, place + 1 + at);
      });
  } else
    for (let table = 0; table < tables; table += 1)
      joinBuckets(index, bucketsOf(index, randomNumbers(table + 1)), (one, other) => {
        if (!sets.areJoined(one, other) && index.pair(one, other) >= least) sets.join(one, other);
      });
  return sets.groups();
}

/** Calls `visit` with pairs of places in the same bucket. */
function joinBuckets(
  { count }: VectorIndex,
  { hashes, size }: Hashes,
  visit: (one: number, other: number) => void,
): void {
  const starts = new Uint32Array(size + 1);
  for (const hash of hashes) starts[hash + 1]! += 1;
  for (let at = 1; at <= size; at += 1) starts[at]! += starts[at - 1]!;
  const places = new Uint32Array(count);
  const filled = starts.slice();
  hashes.forEach((hash, place) => (places[filled[hash]!++] = place));
  for (let bucket = 0; bucket < size; bucket += 1)
    for (let at = starts[bucket]!; at < starts[bucket + 1]!; at += 1) {
      const end = Math.min(starts[bucket + 1]!, at + 1 + mostCompared);
      for (let next = at + 1; next < end; next += 1) visit(places[at]!, places[next]!);
    }
}

type Hashes = { readonly hashes: Uint16Array; readonly size: number };

/**
 * Hashes with twelve planes, each through the median of the projections: through zero, it might leave nearly all
 * vectors on one side.
 */
function bucketsOf(index: VectorIndex, next: () => number): Hashes {
  const bits = Math.min(16, Math.max(6, Math.round(Math.log2(index.count)) - 4));
  const hashes = new Uint16Array(index.count);
  for (let bit = 0; bit < bits; bit += 1) {
    const plane = Int8Array.from({ length: index.size }, () => (next() < 0.5 ? -1 : 1));
    const projected = index.project(plane);
    const sample = projected.filter((_, at) => at % Math.ceil(index.count / 1_000) === 0).sort();
    const median = sample[sample.length >> 1]!;
    for (let place = 0; place < index.count; place += 1)
      if (projected[place]! > median) hashes[place]! |= 1 << bit;
  }
  return { hashes, size: 1 << bits };
}

function disjointSets(count: number) {
  const parents = Uint32Array.from({ length: count }, (_, place) => place);
  const rootOf = (place: number): number => {
    let root = place;
    while (parents[root] !== root) {
      parents[root] = parents[parents[root]!]!;
      root = parents[root]!;
    }
    return root;
  };
  return {
    areJoined: (one: number, other: number): boolean => rootOf(one) === rootOf(other),
    join: (one: number, other: number): void => {
      const [a, b] = [rootOf(one), rootOf(other)];
      parents[Math.max(a, b)] = Math.min(a, b);
    },
    /** Ordered by their first members. */
    groups: (): readonly (readonly number[])[] => {
      const groups = new Map<number, number[]>();
      for (let place = 0; place < count; place += 1) {
        const root = rootOf(place);
        if (root === place) continue;
        const group = groups.get(root) ?? [root];
        group.push(place);
        groups.set(root, group);
      }
      return [...groups.values()].sort((a, b) => a[0]! - b[0]!);
    },
  };
}

/** Pseudo-random numbers from 0 to 1, reproducible by seed (mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
