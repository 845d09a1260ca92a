import type { VersionRef } from '../../contract/lifecycle/timeline.ts';
import { repairVersion } from './lifecycle.ts';
import { perform } from './perform.ts';

/** Puts the files right from a pack, bundle or stick that the person points at. */
export async function repairFromStick(name: VersionRef): Promise<void> {
  const chosen = await perform('import.choose', { kind: 'file' });
  if (chosen) await repairVersion(name, chosen.ref);
}
