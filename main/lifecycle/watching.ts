import type { CanaryReport } from '../../contract/lifecycle.ts';
import type { Store } from '../store/index.ts';
import { budgetOf } from './canary.ts';
import type { createCanary } from './canary.ts';
import type { EngineParts } from './parts.ts';
import type { VersionRegistry } from './versions/index.ts';

/** Lets the canary watch the versions that the registry has on canary, also where another process switched. */
export function createWatching(parts: {
  readonly store: Pick<Store, 'trial'>;
  readonly registry: VersionRegistry;
  readonly canary: ReturnType<typeof createCanary>;
}): Pick<EngineParts, 'watch' | 'unwatch' | 'follow'> {
  const { store, registry, canary } = parts;
  const watch: EngineParts['watch'] = (report, from) => {
    canary.watch(report);
    // The latency budget comes from the trial of the version before; until it is read nothing counts as too slow.
    void store.trial(report.model, report.version).then((trial) => {
      const usualMs = trial?.from === from ? trial.sides.from.medianMs : null;
      canary.allow(report.model, report.version, budgetOf(usualMs));
    });
  };
  return {
    watch,
    unwatch: canary.unwatch,
    follow: () => {
      for (const model of new Set(registry.all().map((record) => record.model))) {
        const report = registry.canary(model);
        if (report?.version === canary.report(model)?.version) continue;
        canary.unwatch(model);
        if (report) watch(report, rivalOf(registry, report));
      }
    },
  };
}

/** The version that a watched one is measured against. */
function rivalOf(registry: VersionRegistry, { model, version }: CanaryReport): string | null {
  const pointer = registry.pointer(model);
  return (pointer?.active === version ? pointer.previous : pointer?.active) ?? null;
}
