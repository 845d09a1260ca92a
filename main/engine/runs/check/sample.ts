/** Number of photos in the sample. */
const sampleSize = 20;
/** The sample is drawn from at most this many, so that the estimate does not wait for a long walk. */
const drawnFrom = 500;

/** A sample of what comes by, each with the same chance (reservoir sampling); `random` gives 0 to below 1. */
export function createSample<T>(random: () => number = Math.random) {
  const taken: T[] = [];
  let seen = 0;
  return {
    offer(item: T): void {
      seen += 1;
      if (taken.length < sampleSize) taken.push(item);
      else {
        const place = Math.floor(random() * seen);
        if (place < sampleSize) taken[place] = item;
      }
    },
    /** Whether enough were seen. */
    isEnough: (): boolean => seen >= drawnFrom,
    items: (): readonly T[] => [...taken],
  };
}
