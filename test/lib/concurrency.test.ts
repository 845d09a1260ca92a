import { getEventListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { mapConcurrently } from '../../main/lib/concurrency.ts';

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
