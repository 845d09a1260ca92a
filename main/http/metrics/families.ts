import type { ServedVersion } from '../../../contract/serving/serving.ts';
import type { ServingStatus } from '../../serving/index.ts';
import type { Cell } from './counts.ts';
import { counter, gauge, histogram } from './family.ts';
import type { Family, Labels } from './family.ts';

export type Now = {
  readonly cells: readonly Cell[];
  readonly versions: readonly ServedVersion[];
  readonly status: ServingStatus;
  readonly isReady: boolean;
  readonly appVersion: string;
  readonly queueWaitP95: number;
  readonly utilisation: number;
};
const states = ['unloaded', 'loading', 'available', 'end'] as const;

/** Outpost's own metrics. Times in seconds, sizes in bytes, shares from 0 to 1, as Prometheus advises. */
export function outpostFamilies(now: Now): readonly Family[] {
  const { status } = now;
  return [
    {
      name: 'outpost_build_info',
      help: 'The Outpost that answers.',
      type: 'gauge',
      values: [{ labels: { version: now.appVersion }, value: 1 }],
    },
    ...requestFamilies(now.cells),
    {
      name: 'outpost_model_state',
      help: 'Whether a version is in this state: 1, else 0.',
      type: 'gauge',
      values: now.versions.flatMap(({ id, shownVersion: version, state }) =>
        states.map((one) => ({
          labels: { model: id, version, state: one },
          value: one === state.kind ? 1 : 0,
        })),
      ),
    },
    gauge('outpost_ready', 'Whether every model that is to be loaded is.', now.isReady ? 1 : 0),
    gauge('outpost_workers', 'Worker processes.', status.workers),
    gauge('outpost_workers_min', 'Fewest workers that are kept.', status.minWorkers),
    gauge('outpost_workers_max', 'Most workers that are started.', status.maxWorkers),
    counter(
      'outpost_worker_restarts_total',
      'Times that a worker was started again after it ended by itself.',
      [{ labels: {}, value: status.restarts }],
    ),
    gauge('outpost_queue_length', 'Requests that wait for a worker.', status.queued),
    gauge('outpost_requests_running', 'Requests that a worker has.', status.running),
    gauge(
      'outpost_queue_oldest_wait_seconds',
      'How long the oldest waiting request has waited.',
      status.oldestWaitMs / 1000,
    ),
    gauge('outpost_memory_bytes', 'Resident memory of this process and its workers.', status.memoryBytes),
    gauge(
      'outpost_queue_wait_p95_seconds',
      'Wait for a worker that 95 of 100 requests of the last 30 s stayed below; for a scaler.',
      now.queueWaitP95,
    ),
    gauge(
      'outpost_utilisation_ratio',
      'Share of the last 30 s that the workers ran models; for a scaler.',
      now.utilisation,
    ),
  ];
}

function requestFamilies(cells: readonly Cell[]): readonly Family[] {
  const of = (of: keyof Pick<Cell, 'request' | 'queue' | 'compute' | 'batch'>) =>
    cells.map((cell) => ({ labels: labelsOf(cell), histogram: cell[of] }));
  return [
    counter(
      'outpost_requests_total',
      'Requests that ended, by "ok" or the code of their fault.',
      cells.flatMap((cell) =>
        [...cell.codes].map(([status, value]) => ({ labels: { ...labelsOf(cell), status }, value })),
      ),
    ),
    counter(
      'outpost_cache_hits_total',
      'Answers that were stored already.',
      cells.map((cell) => ({ labels: labelsOf(cell), value: cell.cached })),
    ),
    histogram('outpost_request_duration_seconds', 'From the request to its end, faults too.', of('request')),
    histogram('outpost_queue_duration_seconds', 'Wait for a worker, of requests that ran.', of('queue')),
    histogram('outpost_compute_duration_seconds', 'Run of the model, of requests that ran.', of('compute')),
    histogram('outpost_batch_size', 'Rows of the batches that ran.', of('batch')),
  ];
}

const labelsOf = ({ model, version, client }: Cell): Labels => ({ model, version, client });
