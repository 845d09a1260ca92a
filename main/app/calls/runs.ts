import { basename } from 'node:path';
import { ok } from '../../../contract/faults/faults.ts';
import type { PickedItems } from '../../../contract/runs/run.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';
import { createStoppable } from './stoppable.ts';

/** One photo, and runs over many: the page names files by references, and gets references back. */
export function runCalls({ opened, firstResult, files, fileActions }: CallParts) {
  const predictions = createStoppable();
  const pathsOf = async (picked: PickedItems): Promise<readonly string[]> =>
    (await opened()).engine.runs.itemPaths(picked);
  return {
    'predict.one': async ({ ref, request, ...how }) => {
      const path = files.path(ref);
      if (!path.ok) return path;
      const asked = { source: { path: path.value }, name: basename(path.value), ...how } as const;
      return predictions
        .run(request, async (signal) =>
          (await opened()).engine.predict({ ...asked, priority: 'interactive' }, { signal }),
        )
        .finally(firstResult.finish);
    },
    'predict.cancel': async ({ request }) => ok(predictions.stop(request)),
    'runs.start': async ({ selection, title, ...how }) => {
      const chosen = files.chosen(selection);
      if (!chosen.ok) return chosen;
      const { title: name, paths } = chosen.value;
      return (await opened()).engine.runs.start({ title: title ?? name, inputs: paths, ...how });
    },
    'runs.page': async (query) => ok(await (await opened()).engine.runs.page(query, files.refOf)),
    'runs.span': async (query) => ok(await (await opened()).engine.runs.span(query)),
    'runs.copyPaths': async (picked) => ok(await fileActions.copyPaths(await pathsOf(picked))),
    'runs.drag': async (picked) => fileActions.dragAll(await pathsOf(picked)),
    'runs.item': async ({ run, seq }) => (await opened()).engine.runs.item(run, seq, files.refOf),
  } satisfies Partial<Handlers>;
}
