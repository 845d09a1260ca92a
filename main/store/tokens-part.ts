import type { Threads } from './threads.ts';
import type { TokenStore } from './tokens-door.ts';

/** The tokens' part of the door. All of it is asked of the writer: a revoked token must not come back from a reader that is behind. */
export function tokensPart({ ask, write }: Threads): TokenStore {
  return {
    tokens: () => ask('tokens', null, []),
    saveToken: (token) => ask('save-token', token, false),
    tokenUsed: (id, at) => write({ kind: 'token-used', id, at }),
  };
}
