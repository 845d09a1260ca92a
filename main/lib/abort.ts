/** How waiting ended; `phase` is what was waited for, in the words of whoever waited. */
export type Waited<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'aborted' | 'late'; readonly phase: string };
export type Patience = {
  /** Names what is waited for, as in `the answer of a worker`. */
  readonly phase: string;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds from now after which nobody waits any more. */
  readonly deadlineMs?: number | undefined;
};

/** setTimeout takes a signed 32-bit number and fires at once above it. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Waits for `work`, but no longer than the caller wants to. Only the waiting ends: the work goes on unless the caller stops
 * it, and what becomes of it then is dropped. Rejects as `work` does while it is waited for.
 */
export async function waitOrAbort<T>(
  work: Promise<T>,
  { phase, signal, deadlineMs }: Patience,
): Promise<Waited<T>> {
  // A failure that nobody waits for any more is not to end the process.
  work.catch(() => undefined);
  let timer: NodeJS.Timeout | undefined;
  let stopListening = (): void => undefined;
  const givenUp = new Promise<Waited<T>>((resolve) => {
    stopListening = onAbort(signal, () => resolve({ kind: 'aborted', phase }));
    if (deadlineMs !== undefined)
      timer = setTimeout(
        () => resolve({ kind: 'late', phase }),
        Math.min(Math.max(0, deadlineMs), longestTimerMs),
      );
  });
  try {
    return await Promise.race([givenUp, work.then((value): Waited<T> => ({ kind: 'done', value }))]);
  } finally {
    clearTimeout(timer);
    stopListening();
  }
}

/** Resolves when the signal fires. */
export const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => void onAbort(signal, resolve));

/**
 * Calls `act` once when the signal fires: at once when it has already, never without a signal. Gives back what takes the
 * listener away, for work that ends before: a signal may outlive thousands of them.
 */
export function onAbort(signal: AbortSignal | undefined, act: () => void): () => void {
  if (!signal) return () => undefined;
  if (signal.aborted) {
    act();
    return () => undefined;
  }
  signal.addEventListener('abort', act, { once: true });
  return () => signal.removeEventListener('abort', act);
}
