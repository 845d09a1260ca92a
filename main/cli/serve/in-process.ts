import { resolve } from 'node:path';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { deviceName } from '../../engine/index.ts';
import { availableCores, memoryLimitBytes } from '../../lib/capacity.ts';
import { dataFolder } from '../../lib/paths.ts';
import { stopYoungGrowth } from '../../lib/young-generation.ts';
import { openArbiter } from '../../prefork/index.ts';
import type { HttpWorkerSetup } from '../../prefork/index.ts';
import { openServing } from '../../serving/index.ts';
import type { ServeConfig } from './config.ts';
import { engineConfig, httpLimits } from './engine-config.ts';
import { inProcessLack } from './inference.ts';
import { cachedOf, gateOf, preloadOf } from './server.ts';
import type { Server, ServerParts } from './server.ts';
import { isAnyOnDevice, weightBytesOf, workerCount } from './worker-count.ts';

/** What concerns the workers alone, and so comes with a new generation of them. */
const reloads = ['batching', 'threads', 'decode', 'cache', 'keep-alive', 'receive-timeout'] as const;
type Reload = (typeof reloads)[number];

/** HTTP workers that run the models themselves, behind an arbiter. */
export async function openInProcess(parts: ServerParts): Promise<Outcome<Server>> {
  const { opened, config, session, tokens, bind, grpcBind } = parts;
  const lacks = inProcessLack(bind);
  if (lacks !== null)
    return failed('usage', {
      reason: `--inference in-process cannot be used here: ${lacks}. Use --inference isolated.`,
      command: 'serve',
    });
  const preload = preloadOf(config, opened);
  const count = workerCount(config, {
    cores: availableCores(),
    memoryBytes: memoryLimitBytes(),
    weightBytes: weightBytesOf(opened, preload),
    isOnDevice: await isAnyOnDevice(opened, preload),
  });
  if (!count.ok) return count;
  // Once: the proofs of this process hold for the drivers that it found.
  const device = await deviceName(availableCores());
  const setupFor = (now: ServeConfig): HttpWorkerSetup =>
    setupOf({ ...parts, config: now }, { workers: count.value.workers, device });
  const own = await openServing(opened, {
    preload,
    batching: config.batching,
    answersElsewhere: true,
  });
  const arbiter = await openArbiter({
    ...gateOf(parts),
    entry: session.places.httpWorker,
    early: parts.early ?? undefined,
    setup: setupFor(config),
    ...count.value,
    maxRequests: config['max-requests'],
    maxRequestsJitter: config['max-requests-jitter'],
    recycleGrowthBytes: 1024 ** 3,
    own,
    store: opened.store,
    onServed: opened.meter.record,
    onObserved: opened.observe,
    bind,
    grpcBind,
    tokens,
  });
  if (!arbiter.ok) {
    own.close();
    return arbiter;
  }
  const { value: server } = arbiter;
  const growth = stopYoungGrowth();
  return ok({
    ...server,
    warm: () => server.warmed,
    reloads,
    reload: async (next) => {
      const before = own
        .catalogue()
        .flatMap(({ packId, ref, isDefault }) => (isDefault ? [[packId, ref] as const] : []));
      // First: a token that was taken back must not count while a model is proved.
      const tokenFile = next['token-file'] ?? server.setup().http.tokenFile;
      if (tokens && tokenFile !== null) await server.readTokens(tokenFile);
      const faults = await own.reload();
      const taken = Object.fromEntries(reloads.map((key) => [key, next[key]])) as Pick<ServeConfig, Reload>;
      const fresh = setupFor({ ...config, ...taken });
      const renewed = await server.renew((setup) => ({
        ...fresh,
        serving: { ...fresh.serving, unloaded: setup.serving.unloaded, held: own.held() },
        http: { ...fresh.http, tokenFile: setup.http.tokenFile },
      }));
      // Behind the new generation: a model that goes on ending workers must not hold it up.
      await server.tryAgain();
      if (!renewed.ok) {
        own.hold(before);
        return [...faults, renewed.fault];
      }
      own.setBatching(next.batching);
      return faults;
    },
    close: async (how) => {
      growth.close();
      await server.close(how).finally(own.close);
    },
  });
}

function setupOf(
  parts: ServerParts,
  { workers, device }: { readonly workers: number; readonly device: string },
): HttpWorkerSetup {
  const { opened, config, session, modelFolders, bind, tokens } = parts;
  const { places, common } = session;
  const { log: _, ...gate } = gateOf(parts);
  const { override, limits } = engineConfig({ ...config, workers }, availableCores());
  return {
    engine: {
      dataFolder: dataFolder(common.data),
      modelFolders: [places.models, ...modelFolders.map((folder) => resolve(folder))],
      entries: { worker: places.worker, store: places.store },
      appVersion: places.version,
      override: { ...override, workers: 1 },
      limits: { ...limits, maxRequests: 0 },
      device,
    },
    serving: {
      preload: preloadOf(config, opened),
      batching: config.batching,
      cached: cachedOf(config),
      held: [],
      unloaded: [],
    },
    http: {
      ...gate,
      bind,
      limits: httpLimits(config),
      tokenFile: tokens === null ? null : (config['token-file'] ?? null),
    },
    speaksGrpc: parts.grpcBind !== null,
    timeoutMs: config.timeout * 1000,
    watchdog: places.watchdog,
  };
}
