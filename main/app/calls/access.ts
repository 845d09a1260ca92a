import { shell } from 'electron';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

/** The API page: tokens, consent, the server's state and its last requests. */
export function accessCalls({ api }: CallParts) {
  return {
    'access.report': async () => ok(await api.report()),
    'access.requests': async () => ok(api.requests()),
    'access.models': async () => ok(await api.models()),
    'access.create': async (options) => (await api.access()).create(options),
    'access.rename': async ({ id, name }) => (await api.access()).rename(id, name),
    'access.revoke': async ({ id }) => (await api.access()).revoke(id),
    'access.restore': async ({ id }) => (await api.access()).restore(id),
    'access.decide': async ({ id, isAllowed }) => (await api.consent()).decide(id, isAllowed),
    'access.start': async () => ok(await api.restart()),
    'access.open': async ({ page }) => {
      const { state } = await api.report();
      // Only the server's own address is opened, never one from a page or client.
      if (state.kind !== 'on') return failed('route-not-found', { method: 'GET', path: `/${page}` });
      await shell.openExternal(`${state.address}/${page}`);
      return ok(undefined);
    },
  } satisfies Partial<Handlers>;
}
