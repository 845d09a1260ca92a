import type { Settings } from '../../../contract/settings.ts';
import type { EngineLimits } from '../../engine/index.ts';
import type { HttpLimits } from '../../http/index.ts';
import { bytesOf } from './config.ts';
import type { ServeConfig } from './config.ts';

type EngineConfig = {
  readonly override: Partial<Settings>;
  readonly limits: Partial<EngineLimits>;
};

/** Many requests at once want many workers of one thread each; `auto` begins with one and grows to the cores. */
export function engineConfig(config: ServeConfig, cores: number): EngineConfig {
  const workers = config.workers === 'auto' ? cores : config.workers;
  const threads = config.threads === 'auto' ? Math.max(1, Math.floor(cores / workers)) : config.threads;
  return {
    override: {
      workers,
      threads,
      decode: config.decode,
      requestTimeoutS: Math.max(1, Math.round(config.timeout)),
    },
    limits: {
      maxQueued: config.backlog,
      maxWaitMs: config['max-wait'] * 1000,
      minWorkers: config['min-workers'] ?? (config.workers === 'auto' ? 1 : workers),
      maxRequests: config['max-requests'],
      maxRequestsJitter: config['max-requests-jitter'],
      // A server keeps what it loaded.
      maxPools: config['max-loaded'],
      sharedBelowBytes: bytesOf(config['shared-below']) ?? 0,
      idleTimeoutMs: 2 ** 31 - 1,
    },
  };
}

export function httpLimits(config: ServeConfig): Partial<HttpLimits> {
  return {
    maxBodyBytes: bytesOf(config['max-body']) ?? 64 * 1024 ** 2,
    // Null for `auto`: the server looks at the memory there is.
    requestMemoryBytes: bytesOf(config['request-memory']),
    timeoutMs: config.timeout * 1000,
    receiveTimeoutMs: config['receive-timeout'] * 1000,
    keepAliveMs: config['keep-alive'] * 1000,
  };
}
