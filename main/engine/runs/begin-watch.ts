import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { failed } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import { fsPath } from '../../lib/file-names.ts';
import { fileFault } from '../files/index.ts';
import type { Engine, RunRequest, WatchRequest } from '../types.ts';
import type { Store } from '../../store/index.ts';
import type { Plan, PlanRequest } from '../plan.ts';

type Parts = {
  readonly store: Store;
  readonly plan: (request: PlanRequest) => Promise<Outcome<Plan>>;
};
type Begin = {
  readonly start: (request: RunRequest) => Promise<Outcome<RunState>>;
  readonly resume: (run: string) => Promise<Outcome<RunState>>;
};

/**
 * A folder has one run for each version of a model that watched it: going on with it answers what came while it was off. The
 * version that it began with goes on answering unless another model is asked for.
 */
export function watchFolder({ store, plan }: Parts, { start, resume }: Begin): Engine['runs']['watch'] {
  return async (request) => {
    const { folder: given, isOnlyNew, isAnew, ...options } = request;
    const folder = resolve(given);
    const before = isAnew ? null : await store.watchingRun(folder);
    if (before) {
      const isAsked = await isSameModel(before.model, request);
      if (!isAsked.ok) return isAsked;
      if (isAsked.value) return resume(before.id);
    }
    const wrong = await notAFolder(folder);
    if (wrong) return wrong;
    return start({
      ...options,
      title: options.title || basename(folder) || folder,
      inputs: [folder],
      watch: isOnlyNew ? 'new' : 'all',
    });
  };

  async function isSameModel(pinned: string, request: WatchRequest): Promise<Outcome<boolean>> {
    if (request.model === undefined) return { ok: true, value: true };
    const asked = await plan(request);
    return asked.ok ? { ok: true, value: asked.value.pack.ref === pinned } : asked;
  }
}

async function notAFolder(folder: string): Promise<Outcome<never> | null> {
  try {
    const stats = await stat(fsPath(folder));
    return stats.isDirectory() ? null : failed('not-a-folder', { file: folder });
  } catch (error) {
    return { ok: false, fault: fileFault(error, folder) };
  }
}
