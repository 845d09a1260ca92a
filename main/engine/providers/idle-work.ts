/** Background work that starts after a while without requests and is aborted by the next one. */
export function createIdleWork(options: {
  readonly afterMs: number;
  readonly isQuiet: () => boolean;
  readonly work: (signal: AbortSignal) => Promise<void>;
  /** Receives errors, since no caller awaits this work. */
  readonly onFailed: (error: unknown) => void;
}) {
  let timer: NodeJS.Timeout | null = null;
  let running: { abort: AbortController; done: Promise<void> } | null = null;
  let isClosed = false;

  const begin = (): void => {
    timer = null;
    if (isClosed || running) return;
    if (!options.isQuiet()) return wait();
    const abort = new AbortController();
    const done = options
      .work(abort.signal)
      .catch(options.onFailed)
      .finally(() => {
        running = null;
        if (abort.signal.aborted) wait();
      });
    running = { abort, done };
  };
  const wait = (): void => {
    if (isClosed) return;
    if (timer) clearTimeout(timer);
    timer = setTimeout(begin, options.afterMs).unref();
  };

  return {
    /** A request came: aborts what runs and restarts the idle timer. */
    disturb: (): void => {
      running?.abort.abort();
      if (timer) timer.refresh();
      else if (!running) wait();
    },
    close: async (): Promise<void> => {
      isClosed = true;
      if (timer) clearTimeout(timer);
      running?.abort.abort();
      await running?.done;
    },
  };
}
