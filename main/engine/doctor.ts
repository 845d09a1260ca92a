import { ok } from '../../contract/faults/faults.ts';
import type { Planner } from './plan.ts';
import type { createShapes, Pools } from './pool/index.ts';
import type { Providers } from './providers/index.ts';
import type { Routing } from './version-routing.ts';
import type { Engine } from './types.ts';

/** What is remembered of providers and shapes, and proving it anew. */
export function createDoctor(parts: {
  readonly routing: Pick<Routing, 'planFor'>;
  readonly planner: Planner;
  readonly pools: Pick<Pools, 'forgetStopped'>;
  readonly providers: Providers;
  readonly shapes: ReturnType<typeof createShapes>;
}): Engine['doctor'] {
  const { routing, planner, pools, providers, shapes } = parts;
  return {
    providers: providers.reports,
    shapes: () => Promise.resolve(shapes.reports()),
    probe: async (ref) => {
      const plan = await routing.planFor({ model: ref });
      if (!plan.ok) return plan;
      const { signal } = new AbortController();
      const reports = await providers.probe(plan.value, signal);
      pools.forgetStopped(plan.value.pack.ref);
      planner.forget();
      if (!shapes.isKnown(plan.value)) await shapes.measure(plan.value, signal);
      return ok(reports);
    },
  };
}
