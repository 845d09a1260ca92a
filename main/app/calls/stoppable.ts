/** Abortable work, by an id that the page chooses. */
export function createStoppable() {
  const underWay = new Map<string, AbortController>();
  return {
    run: async <T>(request: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
      const stop = new AbortController();
      underWay.set(request, stop);
      try {
        return await work(stop.signal);
      } finally {
        underWay.delete(request);
      }
    },
    stop: (request: string): void => underWay.get(request)?.abort(),
  };
}
