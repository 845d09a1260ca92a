import { expect, test } from 'vitest';
import { balance } from '../../main/prefork/arbiter/balance.ts';
import { overLoaded } from '../../main/prefork/arbiter/loaded.ts';
import { shareOf } from '../../main/prefork/shares.ts';

const mebibyte = 1024 ** 2;
const totals = {
  backlog: 100,
  maxWaitMs: 20_000,
  requestMemoryBytes: 512 * mebibyte,
  maxBodyBytes: 64 * mebibyte,
  maxLoaded: 2,
};

test('the parts of all processes are no more than the whole, and the largest body fits into each', () => {
  for (let processes = 1; processes <= 8; processes += 1) {
    const share = shareOf(totals, processes);
    expect(share.maxQueued * processes).toBeLessThanOrEqual(100);
    expect(share.requestMemoryBytes * processes).toBeLessThanOrEqual(512 * mebibyte);
    expect(share.requestMemoryBytes).toBeGreaterThanOrEqual(64 * mebibyte);
  }
  expect(shareOf({ ...totals, backlog: 1 }, 4).maxQueued).toBe(1);
});

test('beyond the most models, those leave memory that no worker was asked for longest, and none that is under way', () => {
  const first = { loaded: [one('a', 900), one('b', 10), one('c', 500)] };
  const second = { loaded: [one('a', 20), one('d', 0)] };
  expect(overLoaded([first, second], 4)).toEqual([]);
  expect(overLoaded([first, second], 2)).toEqual(['c', 'a']);
  expect(overLoaded([first, second], 1), 'd is under way').toEqual(['c', 'a', 'b']);
});
const one = (ref: string, idleMs: number) => ({ ref, idleMs });

test('each worker lets go what it has beyond its part, and what comes back is for those that have less', () => {
  const shed: string[] = [];
  const worker = (name: string, connections: number) =>
    ({
      state: { activeConnections: connections },
      shed: (count: number) => shed.push(`${name} ${count}`),
      line: { owe: (count: number) => shed.push(`${name} +${count}`) },
    }) as never;
  balance([worker('a', 16), worker('b', 0)]);
  balance([worker('c', 3), worker('d', 4), worker('e', 0)]);
  balance([worker('f', 2), worker('g', 2)]);
  expect(shed).toEqual(['a 8', 'b +8', 'd 1', 'e +2']);
});
