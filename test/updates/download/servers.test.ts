import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DeltaBasis } from '../../../main/updates/types.ts';
import { FeedServer } from '../../fixtures/feed-server.ts';
import { codeOf, mib, MoveBench, packBytes, wayOf } from './bench.ts';

const bench = new MoveBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(() => bench.reset());

/** Whether the delta or the whole pack is asked for. */
const ways: readonly [string, () => DeltaBasis | null][] = [
  ['whole', () => null],
  ['delta', () => bench.basis],
];

test.each(ways)(
  'a connection that drops at every 64 KB: the %s pack comes by asking again',
  async (_way, basis) => {
    bench.server.behave({ dropAfter: 64 * 1024, only: /outpack$/u });
    let tries = 0;
    for (let last = -1; ; last = bench.partialSize) {
      tries += 1;
      const outcome = await bench.fetch({ basis: basis() });
      if (outcome.ok) break;
      expect(outcome.fault.code).toBe('download-dropped');
      expect(bench.partialSize).toBeGreaterThan(last);
    }
    expect(tries).toBeGreaterThanOrEqual(basis() ? 16 : 320);
    expect(bench.isWhole).toBe(true);
  },
);

describe('a server without ranges', () => {
  test('costs one wasted request at most', async () => {
    bench.server.behave({ ranges: 'none' });
    expect(wayOf(await bench.fetch({ basis: bench.basis }))).toBe('full');
    const packs = bench.server.asked.filter(({ path }) => path.endsWith('outpack'));
    expect(packs.map(({ range }) => range)).toEqual(['bytes=0-0', null]);
    expect(bench.server.sent).toBeLessThan(packBytes * 2);
    // What was on its way when the probe was answered wrongly, and no more.
    expect(packs[0]?.bytes).toBeLessThan(8 * mib);
    expect(bench.isWhole).toBe(true);
  });

  test.each(['whole-after-probe', 'wrong-header', 'long'] as const)(
    'or that lies (%s) is noticed at once',
    async (ranges) => {
      bench.server.behave({ ranges });
      expect(wayOf(await bench.fetch({ basis: bench.basis }))).toBe('full');
      expect(bench.isWhole).toBe(true);
      expect(bench.log.join()).toContain('does not keep to ranges');
      const packs = bench.server.asked.filter(({ path }) => path.endsWith('outpack'));
      expect(packs.filter(({ range }) => range !== 'bytes=0-0')).toHaveLength(2);
    },
  );

  test('or that sends other bytes than it says is found out by the digest', async () => {
    bench.server.behave({ ranges: 'shifted' });
    expect(wayOf(await bench.fetch({ basis: bench.basis }))).toBe('full');
    expect(bench.isWhole).toBe(true);
  });

  test('or that sends less than it says breaks off, and what came is kept', async () => {
    bench.server.behave({ ranges: 'short' });
    const outcome = await bench.fetch({ basis: bench.basis });
    expect(codeOf(outcome)).toBe('download-dropped');
    expect(bench.partialSize).toBeGreaterThan(7 * mib);
    bench.server.behave({});
    expect(wayOf(await bench.fetch({ basis: bench.basis }))).toBe('delta');
    expect(bench.isWhole).toBe(true);
  });
});

test.each(ways)(
  'a server that stalls in the %s pack is left after a while, and what came is kept',
  async (_way, basis) => {
    bench.server.behave({ stallAfter: mib / 2, only: /outpack$/u });
    const begun = performance.now();
    const outcome = await bench.fetch({ basis: basis() }, { stallMs: 300 });
    expect(codeOf(outcome)).toBe('download-stalled');
    expect(performance.now() - begun).toBeLessThan(4000);
    expect(bench.partialSize).toBeGreaterThan(0);
    bench.server.behave({});
    expect((await bench.fetch({ basis: basis() })).ok).toBe(true);
    expect(bench.isWhole).toBe(true);
  },
);

test('a server that stalls before its first byte is left as well', async () => {
  bench.server.behave({ stallAfter: 0 });
  expect(codeOf(await bench.fetch({ basis: bench.basis }, { stallMs: 200 }))).toBe('download-stalled');
});

test('a slow server is not one that stalls', async () => {
  bench.server.behave({ slowMs: 3 });
  expect(wayOf(await bench.fetch({}, { stallMs: 250 }))).toBe('full');
});

test('a server that is gone', async () => {
  const absent = await new FeedServer(bench.feed).open();
  const place = { kind: 'url', url: new URL('next.outpack', absent.address) } as const;
  await absent.close();
  const outcome = await bench.fetch({ target: { ...bench.target('next.outpack'), place } });
  expect(codeOf(outcome)).toBe('download-dropped');
  expect(outcome.ok ? '' : outcome.fault.message).toContain('ECONNREFUSED');
});

describe('redirects', () => {
  test('to another host are not followed, and nothing is asked there', async () => {
    const other = await new FeedServer(bench.feed).open();
    bench.server.behave({ redirectTo: (path) => new URL(path, other.address).href });
    const outcome = await bench.fetch({ basis: bench.basis });
    expect(codeOf(outcome)).toBe('download-redirected');
    expect(outcome.ok ? '' : outcome.fault.params['host']).toBe(new URL(other.address).host);
    expect(codeOf(await bench.fetch())).toBe('download-redirected');
    expect(other.asked).toHaveLength(0);
    await other.close();
  });

  test('to where it came from end', async () => {
    bench.server.behave({ redirectTo: (path) => path });
    expect(codeOf(await bench.fetch())).toBe('download-redirected');
    expect(bench.server.asked.length).toBeLessThan(6);
  });

  test('on the same host are followed, with the range', async () => {
    bench.server.behave({ only: /^\/moved\//u, redirectTo: (path) => path.replace('/moved', '') });
    const moved = (name: string) => ({
      ...bench.target(name),
      place: { kind: 'url', url: new URL(`moved/${name}`, bench.server.address) } as const,
    });
    const given = {
      target: moved('next.outpack'),
      blockmap: moved('next.outpack.blockmap'),
      basis: bench.basis,
    };
    expect(wayOf(await bench.fetch(given))).toBe('delta');
    expect(bench.isWhole).toBe(true);
  });
});

test.each([404, 403, 500, 503])('a server that answers %i', async (status) => {
  bench.server.behave({ status });
  const outcome = await bench.fetch();
  expect(codeOf(outcome)).toBe('download-refused');
  expect(outcome.ok ? null : outcome.fault.params['status']).toBe(status);
  expect(readdirSync(dirname(bench.to)).filter((name) => name === 'pack.outpack')).toEqual([]);
});
