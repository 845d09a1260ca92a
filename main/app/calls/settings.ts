import { ok } from '../../../contract/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

export function settingCalls({ opened }: CallParts) {
  return {
    'settings.get': async () => ok(await (await opened()).engine.settings.get()),
    'settings.set': async (patch) => ok(await (await opened()).engine.settings.set(patch)),
  } satisfies Partial<Handlers>;
}
