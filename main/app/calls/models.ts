import { ok } from '../../../contract/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

export function modelCalls({ opened }: CallParts) {
  return {
    'models.list': async () => ok([...(await (await opened()).engine.models.list())]),
    'models.show': async ({ model }) => (await opened()).engine.models.show(model),
    'models.verify': async ({ model }) => (await opened()).engine.models.verify(model),
    'models.golden': async ({ model }) => (await opened()).engine.models.golden(model),
  } satisfies Partial<Handlers>;
}
