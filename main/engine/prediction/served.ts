import type { Outcome } from '../../../contract/faults/faults.ts';
import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import type { ClientName, Served } from '../../../contract/serving/serving.ts';

type Ended = {
  readonly kind: Served['kind'];
  readonly client: ClientName;
  readonly model: string;
  readonly version: string;
  readonly begun: number;
  readonly outcome: Outcome<Figures>;
};
type Figures = Pick<Served, 'queueMs' | 'runMs' | 'inputMs' | 'outputMs' | 'rows' | 'batchRows' | 'cached'>;
const nothingRan: Figures = { queueMs: 0, runMs: 0, rows: 0, batchRows: 0, cached: false };

/** Notifies listeners when a request ends. */
export function createServed() {
  const listeners = new Set<(served: Served) => void>();
  return {
    on: (listener: (served: Served) => void): (() => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    notify: ({ kind, client, model, version, begun, outcome }: Ended): void => {
      if (listeners.size === 0) return;
      const { queueMs, runMs, inputMs, outputMs, rows, batchRows, cached } = outcome.ok
        ? outcome.value
        : nothingRan;
      const served: Served = {
        at: Date.now(),
        client,
        model,
        version,
        kind,
        code: outcome.ok ? 'ok' : outcome.fault.code,
        totalMs: performance.now() - begun,
        queueMs,
        runMs,
        inputMs,
        outputMs,
        rows,
        batchRows,
        cached,
      };
      for (const listener of listeners) listener(served);
    },
  };
}
export type ServedNotifier = ReturnType<typeof createServed>;

/** Of an answered picture: it goes through a worker alone, and one from the store through none. */
export function ranFigures({ record, queueMs }: { record: PredictionRecord; queueMs: number }) {
  const rows = record.cached ? 0 : 1;
  return {
    queueMs,
    runMs: record.cached ? 0 : record.runMs,
    inputMs: record.cached ? 0 : record.decodeMs,
    rows: 1,
    batchRows: rows,
    cached: record.cached,
  };
}
