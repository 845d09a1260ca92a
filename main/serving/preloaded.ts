import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import type { ServedVersion } from '../../contract/serving/serving.ts';
import type { Engine } from '../engine/index.ts';
import type { Unready } from './types.ts';

type ReadinessParts = {
  readonly engine: Pick<Engine, 'warm' | 'workers'>;
  /** Ids that are to be loaded before the server is ready. */
  readonly preload: readonly string[];
  readonly defaultOf: (id: string) => Outcome<ServedVersion>;
  /** Ids that a client unloaded: readiness does not wait for them. */
  readonly unloaded: ReadonlySet<string>;
  readonly onLoaded: () => void;
};

/**
 * Readiness: every preloaded model was loaded once. It stays ready while its workers are replaced, or after it was
 * evicted (it reloads on demand); a quarantined one is not ready.
 */
export function createReadiness({ engine, preload, defaultOf, unloaded, onLoaded }: ReadinessParts) {
  const loaded = new Set<string>();
  const faults = new Map<string, Fault>();

  const stateOf = (model: string): Unready | null => {
    const found = defaultOf(model);
    if (!found.ok) return loaded.has(model) ? null : { model, state: found.fault.code };
    const { id: name } = found.value;
    const state = engine.workers.stateOf(found.value.ref);
    switch (state.kind) {
      case 'ready':
        loaded.add(model);
        return null;
      case 'stopped':
        return { model: name, state: state.fault.code };
      case 'none':
      case 'loading':
        return loaded.has(model) ? null : { model: name, state: faults.get(model)?.code ?? 'loading' };
    }
  };

  return {
    unready: (): readonly Unready[] => preload.flatMap((id) => (unloaded.has(id) ? [] : (stateOf(id) ?? []))),
    /** Loads sequentially; a failure does not hold up the others. */
    warm: async (): Promise<readonly { readonly model: string; readonly fault: Fault }[]> => {
      for (const id of preload) {
        if (unloaded.has(id)) continue;
        const outcome = await engine.warm(id);
        if (outcome.ok) loaded.add(id);
        else faults.set(id, outcome.fault);
        onLoaded();
      }
      return [...faults].map(([model, fault]) => {
        const found = defaultOf(model);
        return { model: found.ok ? found.value.id : model, fault };
      });
    },
  };
}
