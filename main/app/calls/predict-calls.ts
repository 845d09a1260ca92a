import { basename } from 'node:path';
import { ok } from '../../../contract/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

type PredictCalls = Pick<Handlers, 'predict.one' | 'predict.cancel'>;

export function predictCalls({ opened, files }: CallParts): PredictCalls {
  const asked = new Map<string, AbortController>();
  return {
    'predict.one': async ({ ref, model, request }) => {
      const path = files.path(ref);
      if (!path.ok) return path;
      const controller = new AbortController();
      asked.set(request, controller);
      try {
        const { engine } = await opened();
        const source = { path: path.value };
        return await engine.predict(
          { source, name: basename(path.value), model, priority: 'interactive' },
          { signal: controller.signal },
        );
      } finally {
        if (asked.get(request) === controller) asked.delete(request);
      }
    },
    'predict.cancel': async ({ request }) => {
      asked.get(request)?.abort();
      return ok(undefined);
    },
  };
}
