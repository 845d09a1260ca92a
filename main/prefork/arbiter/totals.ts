import type { Served, ServedState, ServedVersion } from '../../../contract/serving/serving.ts';
import { findServed } from '../../../contract/serving/find-served.ts';
import type { OpenedServing, Serving } from '../../serving/index.ts';
import type { SharedStatus } from '../messages.ts';
import type { HttpWorkers } from './http-workers.ts';

export type Totals = {
  /** Catalogue and control over all workers; runs no inference itself. */
  readonly serving: Serving;
  served(served: Served): void;
  /** Requests queued in all workers. */
  queued(): number;
  /** Memory of requests and responses in all workers. */
  readonly budget: { readonly heldBytes: number; readonly limitBytes: number; readonly refused: number };
  /** State of each version in the most advanced worker. */
  states(): SharedStatus['models'];
};
type TotalsParts = {
  readonly own: OpenedServing;
  readonly workers: () => HttpWorkers;
  readonly requestMemoryBytes: number;
};

/** Aggregates the last reported states of the workers. */
export function createTotals({ own, workers: workersNow, requestMemoryBytes }: TotalsParts): Totals {
  const listeners = new Set<(served: Served) => void>();
  const states = () =>
    workersNow()
      .staying()
      .flatMap(({ state }) => state ?? []);
  const takers = () =>
    workersNow()
      .takers()
      .flatMap(({ state }) => state ?? []);
  const stateOf = ({ ref, state }: ServedVersion): ServedState => {
    const found = takers().flatMap(({ models }) =>
      models.flatMap(([name, of]) => (name === ref ? [of] : [])),
    );
    return found.find(({ kind }) => kind === 'available') ?? found[0] ?? state;
  };
  const catalogue = (): readonly ServedVersion[] =>
    own.catalogue().map((served) => ({ ...served, state: stateOf(served) }));
  const sum = (of: (state: ReturnType<typeof states>[number]) => number): number =>
    states().reduce((total, state) => total + of(state), 0);
  return {
    served: (served) => {
      for (const listener of listeners) listener(served);
    },
    queued: () => sum(({ queued }) => queued),
    budget: {
      get heldBytes() {
        return workersNow()
          .all()
          .reduce((total, { state }) => total + (state?.requestMemory.heldBytes ?? 0), 0);
      },
      limitBytes: requestMemoryBytes,
      get refused() {
        return workersNow().refusedForMemory();
      },
    },
    states: () => catalogue().map(({ ref, state }) => [ref, state] as const),
    serving: {
      ...own,
      catalogue,
      find: (ask) => findServed(catalogue(), ask),
      isReady: () => takers().some(({ isReady }) => isReady),
      unready: () => {
        const [first] = takers();
        return first ? first.unready : [];
      },
      status: () => ({
        ...workersNow().status(),
        queued: sum(({ queued }) => queued),
        running: sum(({ running }) => running),
        oldestWaitMs: Math.max(0, ...states().map(({ oldestWaitMs }) => oldestWaitMs)),
        memoryBytes: process.memoryUsage.rss() + sum(({ rssBytes }) => rssBytes),
      }),
      onServed: (listener) => {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
    },
  };
}
