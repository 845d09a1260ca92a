import { failed } from '../../../../contract/faults.ts';
import type { Outcome } from '../../../../contract/faults.ts';

type Shared<T> = { readonly outcome: Promise<Outcome<T>>; readonly abort: AbortController; askers: number };
export type Patience = {
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
};
export type Share<T> = (
  key: string,
  patience: Patience,
  seek: (signal: AbortSignal) => Promise<Outcome<T>>,
) => Promise<{ readonly outcome: Outcome<T>; readonly isFirst: boolean }>;

/**
 * One piece of work for all who ask for the same while it is under way. Each gives up for itself, by its signal or its
 * deadline; the work is given up when nobody waits for it any more.
 */
export function createShare<T>(): Share<T> {
  const underWay = new Map<string, Shared<T>>();

  const begin = (key: string, seek: (signal: AbortSignal) => Promise<Outcome<T>>): Shared<T> => {
    const abort = new AbortController();
    const shared: Shared<T> = {
      abort,
      askers: 0,
      outcome: seek(abort.signal).finally(() => {
        if (underWay.get(key) === shared) underWay.delete(key);
      }),
    };
    underWay.set(key, shared);
    return shared;
  };

  return async (key, patience, seek) => {
    const known = underWay.get(key);
    const shared = known && !known.abort.signal.aborted ? known : begin(key, seek);
    shared.askers += 1;
    return { outcome: await orLeave(shared, patience), isFirst: shared !== known };
  };
}

function orLeave<T>(shared: Shared<T>, { signal, deadlineMs }: Patience): Promise<Outcome<T>> {
  return new Promise((settle) => {
    let clock: NodeJS.Timeout | undefined;
    const end = (outcome: Outcome<T>): void => {
      clearTimeout(clock);
      signal?.removeEventListener('abort', cancel);
      settle(outcome);
    };
    const leave = (outcome: Outcome<never>): void => {
      shared.askers -= 1;
      if (shared.askers === 0) shared.abort.abort();
      end(outcome);
    };
    const cancel = (): void => leave(failed('cancelled'));
    if (signal?.aborted) return cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    if (deadlineMs !== undefined)
      clock = setTimeout(
        () => leave(failed('deadline-exceeded', { seconds: deadlineMs / 1000 })),
        Math.min(deadlineMs, 2 ** 31 - 1),
      );
    void shared.outcome.then(end);
  });
}
