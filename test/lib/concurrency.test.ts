import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapAhead, mapConcurrently } from '../../main/lib/concurrency.ts';

const numbers = Array.from({ length: 20 }, (_, at) => at);

describe('a few at a time', () => {
  it('are never more than the limit, and come back in their order', async () => {
    let underWay = 0;
    let most = 0;
    const doubled = await mapConcurrently(numbers, { limit: 4 }, async (item, { index }) => {
      most = Math.max(most, (underWay += 1));
      await sleep((item * 7) % 5);
      underWay -= 1;
      return item + index;
    });
    expect(doubled).toEqual(numbers.map((item) => item * 2));
    expect(most).toBe(4);
  });

  it('takes items only as it comes to them', async () => {
    let taken = 0;
    function* items(): Generator<number> {
      for (const item of numbers) {
        taken += 1;
        yield item;
      }
    }
    const atStart: number[] = [];
    await mapConcurrently(items(), { limit: 2 }, async (item) => {
      if (item < 2) atStart.push(taken);
      await sleep(1);
    });
    expect(atStart).toEqual([1, 2]);
    expect(taken).toBe(20);
  });

  it('the first failure stops the rest: what runs is told, what waits never starts, and all has ended when it rejects', async () => {
    const started: number[] = [];
    const ended: number[] = [];
    const reported: number[] = [];
    const all = mapConcurrently(numbers, { limit: 3 }, async (item, { signal }) => {
      started.push(item);
      if (item === 1) throw new Error('the second');
      await sleep(10);
      if (signal.aborted) reported.push(item);
      ended.push(item);
    });
    await expect(all).rejects.toThrow('the second');
    expect(started).toEqual([0, 1, 2]);
    expect(ended).toEqual([0, 2]);
    expect(reported).toEqual([0, 2]);
  });

  it('stops for a failure that is a value', async () => {
    const given = await mapConcurrently(numbers, { limit: 1 }, async (item, { stop }) => {
      if (item === 2) stop();
      return item;
    });
    expect(given).toEqual([0, 1, 2]);
  });

  it("the caller's signal starts nothing more, and no listener stays at it", async () => {
    const caller = new AbortController();
    const given = await mapConcurrently(numbers, { limit: 2, signal: caller.signal }, async (item) => {
      await sleep(1);
      if (item === 3) caller.abort();
      return item;
    });
    expect(given.length).toBeLessThanOrEqual(5);
    expect(getEventListeners(caller.signal, 'abort')).toHaveLength(0);
    expect(await mapConcurrently(numbers, { limit: 2, signal: caller.signal }, async (one) => one)).toEqual(
      [],
    );
  });
});

describe('ahead of who reads', () => {
  async function* streamed(): AsyncGenerator<number> {
    for (const item of numbers) yield await Promise.resolve(item);
  }
  const readAll = async <T>(results: AsyncIterable<T>): Promise<T[]> => {
    const all: T[] = [];
    for await (const result of results) all.push(result);
    return all;
  };

  it('are as many as the limit, and come out in their order whichever is done first', async () => {
    let [underWay, most] = [0, 0];
    const doubled = mapAhead(streamed(), { limit: 4 }, async (item) => {
      most = Math.max(most, (underWay += 1));
      await sleep((item * 7) % 5);
      underWay -= 1;
      return item * 2;
    });
    expect(await readAll(doubled)).toEqual(numbers.map((item) => item * 2));
    expect(most).toBe(4);
  });

  it('weigh no more together than the budget; one that is heavier is alone', async () => {
    const weights = [1, 2, 3, 9, 1, 1];
    const underWay = new Set<number>();
    const seen: string[] = [];
    async function* items(): AsyncGenerator<number> {
      for (const at of weights.keys()) yield await Promise.resolve(at);
    }
    const options = { limit: 3, budget: 4, weigh: (at: number) => weights[at]! };
    await readAll(
      mapAhead(items(), options, async (at) => {
        underWay.add(at);
        seen.push([...underWay].join(' '));
        await sleep(2);
        underWay.delete(at);
      }),
    );
    expect(seen).toEqual(['0', '0 1', '2', '3', '4', '4 5']);
  });

  it('a failure comes in its turn, behind the results before it, when all that was begun has ended', async () => {
    const [read, ended, begun]: [number[], number[], number[]] = [[], [], []];
    const results = mapAhead(streamed(), { limit: 3 }, async (item) => {
      begun.push(item);
      if (item === 4) throw new Error('the fifth');
      await sleep(5 + item);
      ended.push(item);
      return item;
    });
    const reading = (async () => {
      for await (const item of results) read.push(item);
    })();
    await expect(reading).rejects.toThrow('the fifth');
    expect(read).toEqual([0, 1, 2, 3]);
    expect(ended).toEqual(begun.filter((item) => item !== 4));
    expect(begun.length).toBeLessThan(8);
  });

  it('so does a failure of the stream', async () => {
    async function* broken(): AsyncGenerator<number> {
      yield await Promise.resolve(1);
      yield 2;
      throw new Error('no more');
    }
    const read: number[] = [];
    const reading = (async () => {
      for await (const item of mapAhead(broken(), { limit: 9 }, (one) => sleep(3, one))) read.push(item);
    })();
    await expect(reading).rejects.toThrow('no more');
    expect(read).toEqual([1, 2]);
  });

  it('who reads no further leaves nothing under way, and the stream is closed', async () => {
    let [isClosed, underWay] = [false, 0];
    async function* closing(): AsyncGenerator<number> {
      try {
        yield* streamed();
      } finally {
        isClosed = true;
      }
    }
    const results = mapAhead(closing(), { limit: 3 }, async (item) => {
      underWay += 1;
      await sleep(5);
      underWay -= 1;
      return item;
    });
    for await (const item of results) if (item === 1) break;
    expect([isClosed, underWay]).toEqual([true, 0]);
  });
});
