/** How a wait ended; `phase` is the caller's name for what was waited for. */
type Waited<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'aborted' | 'late'; readonly phase: string };
export type Patience = {
  /** Names what is waited for, as in `the answer of a worker`. */
  readonly phase: string;
  readonly signal?: AbortSignal | undefined;
  /** Longest wait from now, in milliseconds. */
  readonly deadlineMs?: number | undefined;
};

/** Longest delay of `setTimeout`: above a signed 32-bit number it fires at once. */
const longestTimerMs = 2 ** 31 - 1;

/**
 * Waits for `work` until the deadline or the signal. Only the wait ends: the work goes on unless the caller stops it,
 * and its later result or error is dropped. While it is waited for, a rejection of `work` is passed on.
 */
export async function waitOrAbort<T>(
  work: Promise<T>,
  { phase, signal, deadlineMs }: Patience,
): Promise<Waited<T>> {
  // Without a handler, a rejection after the wait has ended would end the process.
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
 * Calls `act` once when the signal fires: at once when it has already, never without a signal. Returns a function that
 * removes the listener, for work that ends before: one signal may serve thousands of calls.
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
