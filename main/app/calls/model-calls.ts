import { ok } from '../../../contract/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

type ModelCalls = Pick<
  Handlers,
  | 'models.list'
  | 'models.show'
  | 'models.verify'
  | 'models.golden'
  | 'cache.stats'
  | 'cache.clear'
  | 'doctor.providers'
  | 'doctor.shapes'
  | 'doctor.probe'
>;

/** Models, what is kept of their answers, and what this computer can do with them. */
export function modelCalls({ opened }: CallParts): ModelCalls {
  const engine = async () => (await opened()).engine;
  const store = async () => (await opened()).store;
  return {
    'models.list': async () => ok([...(await (await engine()).models.list())]),
    'models.show': async ({ model }) => (await engine()).models.show(model),
    'models.verify': async ({ model }) => (await engine()).models.verify(model),
    'models.golden': async ({ model }) => (await engine()).models.golden(model),
    'cache.stats': async () => ok(await (await store()).cacheStats()),
    'cache.clear': async () => {
      const kept = await store();
      await kept.purge({ all: true });
      return ok(await kept.cacheStats());
    },
    'doctor.providers': async () => ok([...(await (await engine()).doctor.providers())]),
    'doctor.shapes': async () => ok([...(await (await engine()).doctor.shapes())]),
    'doctor.probe': async ({ model }) => {
      const probed = await (await engine()).doctor.probe(model);
      return probed.ok ? ok([...probed.value]) : probed;
    },
  };
}
