import i18next from 'i18next';
import type { VersionRef } from '../../contract/timeline.ts';
import { announce } from '../state/notices.ts';
import { exportVersion } from './lifecycle.ts';

/** Asks where to and writes the pack there. */
export async function sendToStick(name: VersionRef): Promise<void> {
  const written = await exportVersion(name);
  if (written) announce(i18next.t('export.done', { name: written.name }));
}
