import type { CanaryReport } from '../../contract/lifecycle/lifecycle.ts';
import type { Store } from '../store/index.ts';
import { budgetOf } from './canary.ts';
import type { createCanary } from './canary.ts';
import type { EngineParts } from './parts.ts';
import type { VersionRegistry } from './versions/index.ts';

/** Starts a canary watch for each version that the registry has as canary, also when another process switched. */
export function createWatching(parts: {
  readonly store: Pick<Store, 'trial'>;
  readonly registry: VersionRegistry;
  readonly canary: ReturnType<typeof createCanary>;
}): Pick<EngineParts, 'watch' | 'unwatch' | 'follow'> {
  const { store, registry, canary } = parts;
  const watch: EngineParts['watch'] = (report, from) => {
    canary.watch(report);
    // The latency budget comes from the trial's measurement of the previous version; until it is read no answer counts
    // as too slow.
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

/** The version that a canary is compared with. */
function rivalOf(registry: VersionRegistry, { model, version }: CanaryReport): string | null {
  const pointer = registry.pointer(model);
  return (pointer?.active === version ? pointer.previous : pointer?.active) ?? null;
}
