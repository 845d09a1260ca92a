import { basename } from 'node:path';
import { ok } from '../../../contract/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';
import { createStoppable } from './stoppable.ts';

export function predictCalls({ opened, first, files }: CallParts) {
  const underWay = createStoppable();
  return {
    'predict.one': async ({ ref, model, request }) => {
      const path = files.path(ref);
      if (!path.ok) return path;
      const asked = { source: { path: path.value }, name: basename(path.value), model } as const;
      return underWay
        .run(request, async (signal) =>
          (await opened()).engine.predict({ ...asked, priority: 'interactive' }, { signal }),
        )
        .finally(first.give);
    },
    'predict.cancel': async ({ request }) => ok(underWay.stop(request)),
  } satisfies Partial<Handlers>;
}
