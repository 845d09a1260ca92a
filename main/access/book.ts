import { timingSafeEqual } from 'node:crypto';
import type { TokenHolder } from './types.ts';
import { hashOf } from './secret.ts';

/** Longest text that is looked at; a header may be much longer. */
const maxLength = 512;

export type Held<T extends TokenHolder> = { readonly hash: string; readonly holder: T };

/**
 * Holders by the hash of their token. The map is asked by hash, so the time it takes says nothing of a token's text; the
 * hash that was found is compared once more in constant time.
 */
export function holderOf<T extends TokenHolder>(held: ReadonlyMap<string, Held<T>>, token: string): T | null {
  if (token.length === 0 || token.length > maxLength) return null;
  const hash = hashOf(token);
  const found = held.get(hash);
  return found && timingSafeEqual(Buffer.from(found.hash), Buffer.from(hash)) ? found.holder : null;
}
