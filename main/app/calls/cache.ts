import { ok } from '../../../contract/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

export function cacheCalls({ opened }: CallParts) {
  return {
    'cache.stats': async () => ok(await (await opened()).store.cacheStats()),
    'cache.clear': async () => {
      const { store } = await opened();
      await store.purge({ all: true });
      return ok(await store.cacheStats());
    },
  } satisfies Partial<Handlers>;
}
