import { failed } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { ClientName } from '../../contract/serving/serving.ts';
import type { EngineHooks } from './hooks.ts';
import type { Plan, Planner, PlanRequest } from './plan.ts';
import type { Pools } from './pool/index.ts';
import type { EngineSettings } from './settings.ts';
import type { PredictRequest } from './types.ts';

export type Routing = {
  /** The pack, variant and provider for a request; `shutting-down` once the engine is closing. */
  planFor(request: PlanRequest): Promise<Outcome<Plan>>;
  /** The same for a request that names a model and nothing else, where it is known; null where it has to be made. */
  knownPlan(model: string): Plan | null;
  /** The same for a photo; an interactive request without a version may go to the version under canary. */
  planForPhoto(request: PredictRequest): Promise<Outcome<Plan>>;
  /** A request made at this computer loads an unloaded model again; other programs load it by name. */
  readmit(id: string, client: ClientName | undefined): void;
  /** The plan of the latest request. */
  last(): Plan | null;
};

export function createRouting(parts: {
  readonly planner: Planner;
  readonly pools: Pick<Pools, 'readmit'>;
  readonly settings: EngineSettings;
  readonly route: EngineHooks['route'];
  readonly isClosed: () => boolean;
  readonly onRequest: () => void;
}): Routing {
  const { planner, pools, settings, route, isClosed, onRequest } = parts;
  let last: Plan | null = null;
  const planFor = async (request: PlanRequest): Promise<Outcome<Plan>> => {
    if (isClosed()) return failed('shutting-down');
    onRequest();
    const plan = await planner.plan(request);
    if (plan.ok) last = plan.value;
    return plan;
  };
  return {
    planFor,
    knownPlan: (model) => {
      const plan = isClosed() ? null : planner.known(model);
      if (plan === null) return null;
      onRequest();
      last = plan;
      return plan;
    },
    planForPhoto: async (request) => {
      const plan = await planFor(request);
      const hasVersion = (request.model ?? settings.now().model)?.includes('@') ?? false;
      if (!plan.ok || hasVersion || request.priority === 'batch') return plan;
      const { id } = plan.value.pack.manifest;
      const version = route(id);
      if (version === null) return plan;
      const canary = await planFor({ ...request, model: `${id}@${version}` });
      return canary.ok ? canary : plan;
    },
    readmit: (id, client = 'window') => {
      if (client === 'window' || client === 'cli') pools.readmit(id);
    },
    last: () => last,
  };
}
