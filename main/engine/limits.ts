import type { EngineLimits } from './types.ts';

export const defaultLimits: EngineLimits = {
  maxQueued: 256,
  loadTimeoutMs: 120_000,
  requestTimeoutMs: 300_000,
  idleTimeoutMs: 300_000,
  probeTimeoutMs: 60_000,
  crashesBeforeQuarantine: 3,
  backoffMs: 100,
  recycleGrowthBytes: 1024 ** 3,
  pingMs: 5_000,
  maxPools: 2,
  sharedBelowBytes: 0,
  maxWaitMs: Number.POSITIVE_INFINITY,
  minWorkers: Number.POSITIVE_INFINITY,
  maxRequests: 0,
  maxRequestsJitter: 0,
};

/** A healthy worker that has nothing to do answers a ping in microseconds; one that is silent this long is ended. */
export const silentTimeoutMs = 20_000;
/** Time between asking a worker to end and ending it. */
export const drainTimeoutMs = 5_000;
