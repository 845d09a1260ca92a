import type { EngineStatus } from '../../contract/serving/status.ts';
import type { Store } from '../store/index.ts';
import type { Pools } from './pool/index.ts';
import type { PoolsStatus } from './pools-status.ts';

/** Figures of the pools with this process's own memory added: for the window, and for whoever serves. */
export function createStatus(parts: {
  readonly pools: Pick<Pools, 'status' | 'setAside'>;
  /** Requests that wait to be joined into a batch, before any pool has them. */
  readonly batching: { readonly waiting: number };
  readonly store: Pick<Store, 'state'>;
  readonly cores: number;
}): { engine(): EngineStatus; workers(): PoolsStatus } {
  const { pools, batching, store, cores } = parts;
  return {
    engine: () => {
      const { last, queued, running, memoryBytes, workers: processes } = pools.status();
      return {
        provider: last?.plan.provider ?? 'cpu',
        ...(last?.shape ?? { workers: 1, threads: cores }),
        processes,
        queued,
        running,
        memoryBytes: process.memoryUsage.rss() + memoryBytes,
        store: store.state(),
        quarantined: [...pools.setAside()],
      };
    },
    workers: () => {
      const { last: _, pids: __, ...status } = pools.status();
      const queued = status.queued + batching.waiting;
      return { ...status, queued, memoryBytes: process.memoryUsage.rss() + status.memoryBytes };
    },
  };
}
