import { ok } from '../../../contract/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

export function monitorCalls({ opened }: CallParts) {
  return {
    'monitor.series': async (query) => ok(await (await opened()).meter.query(query)),
  } satisfies Partial<Handlers>;
}
