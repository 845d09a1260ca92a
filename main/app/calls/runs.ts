import { ok } from '../../../contract/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

export function runCalls({ opened, files }: CallParts) {
  return {
    'runs.start': async ({ selection, model }) => {
      const chosen = files.chosen(selection);
      if (!chosen.ok) return chosen;
      const { title, paths } = chosen.value;
      return (await opened()).engine.runs.start({ title, inputs: paths, model });
    },
    'runs.get': async ({ run }) => (await opened()).engine.runs.get(run),
    'runs.page': async (query) => ok(await (await opened()).engine.runs.page(query, files.refOf)),
    'runs.summary': async ({ run }) => ok(await (await opened()).engine.runs.summary(run)),
    'runs.item': async ({ run, seq }) => (await opened()).engine.runs.item(run, seq, files.refOf),
    'runs.stop': async ({ run }) => (await opened()).engine.runs.stop(run),
  } satisfies Partial<Handlers>;
}
