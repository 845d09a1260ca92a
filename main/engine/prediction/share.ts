import { failed } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { waitOrAbort } from '../../lib/abort.ts';

type Shared<T> = { readonly outcome: Promise<Outcome<T>>; readonly abort: AbortController; askers: number };
export type Patience = {
  readonly signal?: AbortSignal | undefined;
  readonly deadlineMs?: number | undefined;
};
export type Share<T> = (
  /** Null: never joined. */
  key: string | null,
  patience: Patience,
  seek: (signal: AbortSignal) => Promise<Outcome<T>>,
) => Promise<{ readonly outcome: Outcome<T>; readonly isFirst: boolean }>;

/**
 * Joins equal requests: those that come while one is under way get its result. Each can be aborted alone, by its signal or
 * its deadline; the work itself is aborted when its last waiter leaves.
 */
export function createShare<T>(): Share<T> {
  const underWay = new Map<string, Shared<T>>();

  const begin = (key: string | null, seek: (signal: AbortSignal) => Promise<Outcome<T>>): Shared<T> => {
    const abort = new AbortController();
    const shared: Shared<T> = {
      abort,
      askers: 0,
      outcome: seek(abort.signal).finally(() => {
        if (key !== null && underWay.get(key) === shared) underWay.delete(key);
      }),
    };
    if (key !== null) underWay.set(key, shared);
    return shared;
  };

  return async (key, patience, seek) => {
    const known = key === null ? undefined : underWay.get(key);
    const shared = known && !known.abort.signal.aborted ? known : begin(key, seek);
    shared.askers += 1;
    return { outcome: await orLeave(shared, patience), isFirst: shared !== known };
  };
}

async function orLeave<T>(shared: Shared<T>, { signal, deadlineMs }: Patience): Promise<Outcome<T>> {
  const waited = await waitOrAbort(shared.outcome, { phase: 'a shared answer', signal, deadlineMs });
  if (waited.kind === 'done') return waited.value;
  shared.askers -= 1;
  if (shared.askers === 0) shared.abort.abort();
  return waited.kind === 'aborted'
    ? failed('cancelled')
    : failed('deadline-exceeded', { seconds: (deadlineMs ?? 0) / 1000 });
}
