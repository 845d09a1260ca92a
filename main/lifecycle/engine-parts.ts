import { failed } from '../../contract/faults.ts';
import { takesPictures } from '../../contract/tasks/index.ts';
import type { EngineInside } from '../engine/index.ts';
import type { createComparison } from './comparison/index.ts';
import type { EngineParts } from './parts.ts';

/** The engine as the lifecycle asks it: by `id@version`, where the engine takes plans. */
export function createEngineParts(parts: {
  readonly inside: EngineInside;
  readonly comparison: ReturnType<typeof createComparison>;
  readonly watching: Pick<EngineParts, 'watch' | 'unwatch' | 'follow'>;
}): EngineParts {
  const { inside, comparison, watching } = parts;
  return {
    ...watching,
    golden: inside.golden,
    storedGolden: inside.storedGolden,
    isProved: async (ref) => {
      const [known, plan] = await Promise.all([inside.storedGolden(ref), inside.plan(ref)]);
      return known !== null && (!plan.ok || plan.value.provider === known.provider);
    },
    warm: async (ref) => {
      const plan = await inside.plan(ref);
      return plan.ok ? inside.warm(plan.value) : plan;
    },
    shadow: async (request, options) =>
      (await isAnswerable(inside, request.model))
        ? comparison.shadow(request, options)
        : failed('nothing-to-do', { file: request.model }),
    compare: comparison.compare,
    endWork: async (model) => {
      await inside.endRuns(model);
      await inside.unload(model);
    },
    readmit: inside.readmit,
  };
}

/** Only photos can be compared so far: raw tensors have no label. */
async function isAnswerable(inside: EngineInside, model: string): Promise<boolean> {
  const plan = await inside.plan(model);
  return plan.ok && takesPictures(plan.value.pack.manifest.task);
}
