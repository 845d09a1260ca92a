import { failed } from '../../contract/faults/faults.ts';
import { takesPictures } from '../../contract/tasks/index.ts';
import type { EngineInternals } from '../engine/index.ts';
import type { createComparison } from './comparison/index.ts';
import type { EngineParts } from './parts.ts';

/** Adapts the engine, which takes plans, to the lifecycle, which names versions by `id@version`. */
export function createEngineParts(parts: {
  readonly internals: EngineInternals;
  readonly comparison: ReturnType<typeof createComparison>;
  readonly watching: Pick<EngineParts, 'watch' | 'unwatch' | 'follow'>;
}): EngineParts {
  const { internals, comparison, watching } = parts;
  return {
    ...watching,
    golden: internals.golden,
    storedGolden: internals.storedGolden,
    isProved: async (ref) => {
      const [known, plan] = await Promise.all([internals.storedGolden(ref), internals.plan(ref)]);
      return known !== null && (!plan.ok || plan.value.provider === known.provider);
    },
    warm: async (ref) => {
      const plan = await internals.plan(ref);
      return plan.ok ? internals.warm(plan.value) : plan;
    },
    shadow: async (request, options) =>
      (await isAnswerable(internals, request.model))
        ? comparison.shadow(request, options)
        : failed('nothing-to-do', { file: request.model }),
    compare: comparison.compare,
    endWork: async (model) => {
      await internals.endRuns(model);
      await internals.unload(model);
    },
    readmit: internals.readmit,
  };
}

/** Only tasks with labels can be compared so far, which raw tensors have not. */
async function isAnswerable(internals: EngineInternals, model: string): Promise<boolean> {
  const plan = await internals.plan(model);
  return plan.ok && takesPictures(plan.value.pack.manifest.task);
}
