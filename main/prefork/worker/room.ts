/**
 * Room as reported to the arbiter, with hysteresis: after the queue was full, there is none until half of it is free. A connection that is
 * handed over takes some turns of the event loop to arrive, and requests on kept connections would have taken a single place by then.
 */
export function createRoom(maxQueued: number): {
  /** Length of the queue. */
  most: number;
  now(): number;
  follow(left: () => number): void;
} {
  let leftNow = (): number => maxQueued;
  let wasFull = false;
  return {
    most: maxQueued,
    now() {
      const left = leftNow();
      wasFull = left <= 0 || (wasFull && left < this.most / 2);
      if (wasFull) return 0;
      // While nothing waits, one more starts at once.
      return left >= this.most ? left + 1 : left;
    },
    follow: (left) => {
      leftNow = left;
    },
  };
}
