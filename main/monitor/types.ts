import type { MonitorQuery, MonitorSeries } from '../../contract/serving/monitor.ts';
import type { Served } from '../../contract/serving/serving.ts';
import type { Store } from '../store/index.ts';

/** How the machine does this moment; `PoolsStatus` and `ServingStatus` have all of it. */
export type MachineStatus = {
  readonly workers: number;
  readonly restarts: number;
  readonly queued: number;
  readonly oldestWaitMs: number;
  readonly memoryBytes: number;
};

export type MeterPorts = {
  readonly store: Pick<Store, 'addSeries' | 'series'>;
  /** Asked every two seconds while there is work, and for every query. */
  readonly status: () => MachineStatus;
  /** Milliseconds since 1970; absent: the clock. */
  readonly now?: () => number;
  readonly log: (level: 'info' | 'warn' | 'error', text: string) => void;
};

/** Counts every request that ends here, whatever client it came from, and keeps the sums by minute in the store. */
export type Meter = {
  /** Takes about a microsecond and never throws. */
  record(served: Served): void;
  /** What was recorded up to now, also by other processes on the same store up to their last write. */
  query(query: MonitorQuery): Promise<MonitorSeries>;
  /** Hands what was recorded since the last time to the store; happens by itself every ten seconds. */
  flush(): void;
  /** Flushes and stops. Before the store is closed. */
  close(): void;
};
