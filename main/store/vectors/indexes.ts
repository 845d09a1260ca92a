import type { Readable } from '../database.ts';
import { createVectorIndex } from './vector-index.ts';
import type { Vector, VectorIndex } from './vector-index.ts';

/** Spaces whose vectors stay in memory at the same time: whoever compares photos does so with one model, rarely with two. */
const mostIndexes = 2;

/** Vectors in memory, by space; read from the store when they are first asked for, and then what is new. */
export type Indexes = {
  /** Up to date with the store, as far as rows were added. */
  of(space: number, size: number): VectorIndex;
  /** Reads this one anew: rows have gone. */
  forget(space: number): void;
};

export function createIndexes(db: Readable): Indexes {
  const indexes = new Map<number, VectorIndex>();
  return {
    of: (space, size) => {
      const index = indexes.get(space) ?? createVectorIndex(size);
      indexes.delete(space);
      indexes.set(space, index);
      for (const oldest of indexes.keys()) if (indexes.size > mostIndexes) indexes.delete(oldest);
      const added = db.each<Vector>(
        'SELECT seq, length, data FROM embeddings WHERE seq > ? AND space = ? ORDER BY seq',
        index.newest,
        space,
      );
      for (const vector of added) if (!index.add(vector)) break;
      return index;
    },
    forget: (space) => void indexes.delete(space),
  };
}
