import { basename } from 'node:path';
import { ok } from '../../../contract/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

export function predictCalls({ opened, first, files }: CallParts) {
  const underWay = new Map<string, AbortController>();
  return {
    'predict.one': async ({ ref, model, request }) => {
      const path = files.path(ref);
      if (!path.ok) return path;
      const stop = new AbortController();
      underWay.set(request, stop);
      try {
        const { engine } = await opened();
        return await engine.predict(
          { source: { path: path.value }, name: basename(path.value), model, priority: 'interactive' },
          { signal: stop.signal },
        );
      } finally {
        first.give();
        underWay.delete(request);
      }
    },
    'predict.cancel': async ({ request }) => ok(underWay.get(request)?.abort()),
  } satisfies Partial<Handlers>;
}
