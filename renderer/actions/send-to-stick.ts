import type { VersionRef } from '../../contract/lifecycle/timeline.ts';
import { announce } from '../state/notices.ts';
import { exportVersion } from './lifecycle.ts';

/** Asks where to and writes the pack there. */
export async function sendToStick(name: VersionRef): Promise<void> {
  const written = await exportVersion(name);
  if (written) announce('export.done', { name: written.name });
}
