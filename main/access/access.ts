import { randomBytes } from 'node:crypto';
import type { AccessToken, NewToken, TokenRequest } from '../../contract/serving/access.ts';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { reason } from '../../contract/faults/reasons.ts';
import { refused } from '../store/index.ts';
import type { Store, StoredToken } from '../store/index.ts';
import type { Access, TokenHolder } from './types.ts';
import { holderOf } from './book.ts';
import { newSecret } from './secret.ts';

const usedStepMs = 60_000;

type AccessParts = {
  readonly store: Pick<Store, 'tokens' | 'saveToken' | 'tokenUsed' | 'state'>;
  readonly now?: () => Date;
};

/** Opens the tokens of a store. */
export async function createAccess({ store, now = () => new Date() }: AccessParts): Promise<Access> {
  const tokens = new Map<string, StoredToken>();
  let held = new Map<string, { hash: string; holder: TokenHolder & { readonly id: string } }>();
  const listeners = new Set<() => void>();

  const changed = (): void => {
    held = new Map(
      [...tokens.values()]
        .filter(({ revokedAt }) => revokedAt === null)
        .map(({ id, hash, name, models, isControl }) => [
          hash,
          { hash, holder: { id, program: name, models, isControl } },
        ]),
    );
    for (const listener of listeners) listener();
  };
  const reload = async (): Promise<void> => {
    const read = await store.tokens();
    tokens.clear();
    for (const token of read) tokens.set(token.id, token);
    changed();
  };
  const keep = async (token: StoredToken): Promise<Outcome<AccessToken>> =>
    (await store.saveToken(token)) ? ok(shown(token)) : refused(store);
  const change = async (id: string, what: Partial<StoredToken>): Promise<Outcome<AccessToken>> => {
    const token = tokens.get(id);
    if (!token) return failed('request-malformed', { what: 'id', reason: reason('no-such-token') });
    const next = { ...token, ...what };
    const saved = await keep(next);
    if (!saved.ok) return saved;
    tokens.set(id, { ...next, lastUsedAt: tokens.get(id)?.lastUsedAt ?? null });
    changed();
    return saved;
  };
  const written = new Map<string, number>();
  const used = (id: string): void => {
    const token = tokens.get(id);
    if (!token) return;
    const at = now();
    tokens.set(id, { ...token, lastUsedAt: at.toISOString() });
    if (at.getTime() - (written.get(id) ?? 0) < usedStepMs) return;
    written.set(id, at.getTime());
    store.tokenUsed(id, at.toISOString());
    for (const listener of listeners) listener();
  };

  await reload();
  return {
    book: {
      find: (text) => {
        const holder = holderOf(held, text);
        if (!holder) return null;
        const { id, ...rest } = holder;
        used(id);
        return rest;
      },
    },
    list: () =>
      [...tokens.values()]
        .filter(({ revokedAt }) => revokedAt === null)
        .sort((a, b) => b.createdAt.localeCompare(a.createdAt) || a.id.localeCompare(b.id))
        .map(shown),
    create: async (request) => {
      const { text, token } = makeToken(request, now());
      const saved = await keep(token);
      if (!saved.ok) return saved;
      tokens.set(token.id, token);
      changed();
      return ok({ token: saved.value, text } satisfies NewToken);
    },
    rename: (id, name) => change(id, { name }),
    revoke: async (id) => {
      const revokedAt = now().toISOString();
      const token = tokens.get(id);
      // Whatever the disk says, it must not be answered from now on.
      if (token) {
        tokens.set(id, { ...token, revokedAt });
        changed();
      }
      return change(id, { revokedAt });
    },
    restore: (id) => change(id, { revokedAt: null }),
    reload,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function makeToken(request: TokenRequest, at: Date): { readonly text: string; readonly token: StoredToken } {
  const { text, hash, tail } = newSecret();
  const id = randomBytes(8).toString('hex');
  const token = {
    ...request,
    id,
    hash,
    tail,
    createdAt: at.toISOString(),
    lastUsedAt: null,
    revokedAt: null,
  };
  return { text, token };
}

/** Without the hash, which nobody needs to see. */
function shown(token: StoredToken): AccessToken {
  const { id, name, models, isControl, tail, createdAt, lastUsedAt, revokedAt } = token;
  return { id, name, models, isControl, tail, createdAt, lastUsedAt, revokedAt };
}
