import { ok } from '../../../contract/faults.ts';
import { sourceOf } from '../../lifecycle/index.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

export function lifecycleCalls({ opened, chooser, files }: CallParts) {
  const lifecycle = async () => (await opened()).lifecycle;
  return {
    'lifecycle.list': async () => ok([...(await (await lifecycle()).list())]),
    'lifecycle.show': async ({ model }) => (await lifecycle()).show(model),
    'lifecycle.get': async (name) => (await lifecycle()).get({ ...name, byHand: true }),
    'lifecycle.cancel': async (name) => (await lifecycle()).cancel(name),
    'lifecycle.try': async (name) => (await lifecycle()).try(name),
    'lifecycle.switch': async (name) => (await lifecycle()).switchTo(name),
    'lifecycle.keep': async (name) => (await lifecycle()).keep(name),
    'lifecycle.rollBack': async ({ model }) => (await lifecycle()).rollBack(model),
    'lifecycle.policy': async ({ model, policy }) => (await lifecycle()).setPolicy(model, policy),
    'lifecycle.remove': async (name) => (await lifecycle()).remove(name),
    'lifecycle.removeModel': async ({ model }) => (await lifecycle()).removeModel(model),
    'lifecycle.repair': async ({ source, ...name }) => {
      if (source === undefined) return (await lifecycle()).repair(name);
      const path = files.path(source);
      if (!path.ok) return path;
      return (await lifecycle()).repair(name, await sourceOf(path.value));
    },
    'lifecycle.export': async ({ model, version }) => {
      const place = await chooser.placeFor(`${model}-${version}.outpack`);
      if (place === null) return ok(null);
      const written = await (await lifecycle()).exportTo({ model, version }, place.path);
      return written.ok ? ok({ name: place.name, size: written.value.size }) : written;
    },
  } satisfies Partial<Handlers>;
}
