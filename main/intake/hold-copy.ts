import { dirname, join } from 'node:path';
import { takeLock } from '../lib/lock.ts';
import { hexOf, sha256Of } from '../lib/sha256.ts';
import type { Store } from '../store/index.ts';

export type ReleaseCopy = () => Promise<void>;

/**
 * Keeps the folder of a copy to one card at a time: two cards have photos of the same names, and would replace each other's. Null while
 * it is held, by this process or another one. The lock lies beside the store, not where a person looks at photos.
 */
export function holdCopy(store: Pick<Store, 'state'>, target: string): Promise<ReleaseCopy | null> {
  const name = hexOf(sha256Of(target)).slice(0, 16);
  return takeLock(join(dirname(store.state().file), `copying-${name}.lock`), 0);
}
