import type { ModelSummary } from '../../../contract/packs/model.ts';
import type { VersionRegistry } from './version-registry.ts';

/** State and label of an installed version; null for one that the registry does not know. */
export function stateOf(
  registry: VersionRegistry,
  model: string,
  version: string,
): Pick<ModelSummary, 'state' | 'label'> | null {
  const pointer = registry.pointer(model);
  const record = registry.get(model, version);
  if (!pointer || !record) return null;
  if (pointer.active === version) return { state: 'active', label: 'stable' };
  if (pointer.previous === version) return { state: 'previous', label: 'previous' };
  if (record.state.kind === 'on-trial')
    return { state: 'on-trial', label: pointer.canary === version ? 'canary' : null };
  return { state: 'installed', label: null };
}
