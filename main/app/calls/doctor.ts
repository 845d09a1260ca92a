import { ok } from '../../../contract/faults.ts';
import type { Handlers } from '../ipc.ts';
import type { CallParts } from './parts.ts';

export function doctorCalls({ opened }: CallParts) {
  return {
    'doctor.providers': async () => ok([...(await (await opened()).engine.doctor.providers())]),
    'doctor.shapes': async () => ok([...(await (await opened()).engine.doctor.shapes())]),
    'doctor.probe': async ({ model }) => {
      const probed = await (await opened()).engine.doctor.probe(model);
      return probed.ok ? ok([...probed.value]) : probed;
    },
  } satisfies Partial<Handlers>;
}
