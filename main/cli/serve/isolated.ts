import type { Outcome } from '../../../contract/faults/faults.ts';
import { openHttpServer } from '../../http/index.ts';
import { openServing } from '../../serving/index.ts';
import { httpLimits } from './engine-config.ts';
import { cachedOf, gateOf, preloadOf } from './server.ts';
import type { Server, ServerParts } from './server.ts';

/** One HTTP process; models run in separate worker processes. */
export async function openIsolated(parts: ServerParts): Promise<Outcome<Server>> {
  const { opened, config, tokens, grpcBind } = parts;
  const serving = await openServing(opened, {
    preload: preloadOf(config, opened),
    batching: config.batching,
    cached: cachedOf(config),
  });
  const http = await openHttpServer({
    ...gateOf(parts),
    serving,
    limits: httpLimits(config),
    grpcBind,
    tokens,
  });
  if (!http.ok) {
    serving.close();
    return http;
  }
  const { address, grpcAddress, close } = http.value;
  return {
    ok: true,
    value: {
      address,
      grpcAddress,
      warm: serving.warm,
      catalogue: serving.catalogue,
      reloads: ['batching'],
      reload: ({ batching }) => {
        serving.setBatching(batching);
        return serving.reload();
      },
      resize: (by) => {
        serving.resize(by);
        return serving.status().maxWorkers;
      },
      close: (how) => close(how).finally(serving.close),
    },
  };
}
