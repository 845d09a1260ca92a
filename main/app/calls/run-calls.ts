import { ok } from '../../../contract/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

type RunCalls = Pick<
  Handlers,
  'runs.start' | 'runs.get' | 'runs.page' | 'runs.summary' | 'runs.item' | 'runs.stop'
>;

export function runCalls({ opened, files }: CallParts): RunCalls {
  const runs = async () => (await opened()).engine.runs;
  return {
    'runs.start': async ({ selection, model }) => {
      const chosen = files.chosen(selection);
      if (!chosen.ok) return chosen;
      const { title, paths } = chosen.value;
      return (await runs()).start({ inputs: paths, title, model });
    },
    'runs.get': async ({ run }) => (await runs()).get(run),
    'runs.page': async (query) => ok(await (await runs()).page(query, files.refOf)),
    'runs.summary': async ({ run }) => ok(await (await runs()).summary(run)),
    'runs.item': async ({ run, seq }) => (await runs()).item(run, seq, files.refOf),
    'runs.stop': async ({ run }) => (await runs()).stop(run),
  };
}
