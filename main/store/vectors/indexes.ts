import type { Readable } from '../database.ts';
import { createVectorIndex } from './vector-index.ts';
import type { Vector, VectorIndex } from './vector-index.ts';

/** Most spaces kept in memory: a person compares photos with one model, rarely with two. */
const mostIndexes = 2;

/** Vector indexes in memory, by space; loaded on first use and then extended by new rows. */
export type Indexes = {
  /** Includes every row added so far; deleted rows may still be in it. */
  of(space: number, size: number): VectorIndex;
  /** Drops an index, so that it is loaded again after rows were deleted. */
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
