import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DownloadProgress } from '../../../contract/lifecycle/update.ts';
import type { MoveTarget } from '../../../main/updates/download/index.ts';
import type { Manners } from '../../fixtures/feed-server.ts';
import { codeOf, mib, MoveBench, packBytes, stopAt, wayOf } from './bench.ts';

const bench = new MoveBench();
const stick = join(bench.folder, 'stick');
const onStick = join(stick, 'next.outpack');
beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(() => {
  bench.reset();
  mkdirSync(stick, { recursive: true });
  copyFileSync(join(bench.feed, 'next.outpack'), onStick);
});

/** Aborts once the server has been asked for this many things, so that each request is one of the phases. */
async function stopAtRequest(count: number, manners: Manners): Promise<string | null> {
  const stop = new AbortController();
  bench.server.behave(manners);
  const watching = setInterval(() => {
    if (bench.server.asked.length >= count) stop.abort();
  }, 1);
  const outcome = await bench.fetch({ basis: bench.basis, signal: stop.signal });
  clearInterval(watching);
  return codeOf(outcome);
}

describe('cancelled', () => {
  test('before anything', async () => {
    const signal = AbortSignal.abort();
    expect(codeOf(await bench.fetch({ signal }))).toBe('cancelled');
    expect(bench.server.asked).toHaveLength(0);
    expect(wayOf(await bench.fetch())).toBe('full');
  });

  test.each([
    ['while ranges are probed', 1],
    ['while the map comes', 2],
    ['while the first range comes', 3],
  ])('%s, which hangs', async (_phase, count) => {
    expect(await stopAtRequest(count, { hangFrom: count })).toBe('cancelled');
    expect(bench.server.asked).toHaveLength(count);
    bench.server.behave({});
    expect(wayOf(await bench.fetch({ basis: bench.basis }))).toBe('delta');
    expect(bench.isWhole).toBe(true);
  });

  test('while the pack comes: at once, with what came kept', async () => {
    bench.server.behave({ slowMs: 5 });
    const { signal, onProgress } = stopAt(2 * mib);
    const begun = performance.now();
    let stoppedAt = 0;
    signal.addEventListener('abort', () => (stoppedAt = performance.now()));
    expect(codeOf(await bench.fetch({ signal, onProgress }))).toBe('cancelled');
    // In less time than the first of its pieces took.
    expect(performance.now() - stoppedAt).toBeLessThan(Math.max(200, stoppedAt - begun));
    expect(bench.partialSize).toBeGreaterThanOrEqual(2 * mib);
    bench.server.behave({});
    expect(wayOf(await bench.fetch())).toBe('full');
    expect(bench.server.sent).toBeLessThan(packBytes - mib);
    expect(bench.isWhole).toBe(true);
  });

  test('while a cap makes it wait', async () => {
    bench.settings = { ...bench.settings, bandwidthCapKiBps: 1 };
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    const begun = performance.now();
    expect(codeOf(await bench.fetch({ signal: stop.signal }))).toBe('cancelled');
    expect(performance.now() - begun).toBeLessThan(1500);
  });
});

describe('from a stick', () => {
  /** The pack as a file of the stick, or as a piece of a bundle. */
  const lying = (start = 0, path = onStick): MoveTarget => ({
    ...bench.target('next.outpack'),
    place: { kind: 'file', path, start, size: packBytes },
  });

  test('a pack is copied, with its progress and without the network', async () => {
    const reported: DownloadProgress[] = [];
    const outcome = await bench.fetch({
      target: lying(),
      onProgress: (progress) => void reported.push(progress),
    });
    expect(outcome).toEqual({ ok: true, value: { transferred: packBytes, way: 'copy' } });
    expect(bench.isWhole).toBe(true);
    expect(reported.at(-1)).toMatchObject({ transferred: packBytes, total: packBytes });
    expect(bench.server.asked).toHaveLength(0);
  });

  test('a pack is copied out of a bundle', async () => {
    const bundle = join(stick, 'all.outpost');
    writeFileSync(
      bundle,
      Buffer.concat([Buffer.alloc(12_345, 1), readFileSync(onStick), Buffer.alloc(999, 2)]),
    );
    expect(wayOf(await bench.fetch({ target: lying(12_345, bundle) }))).toBe('copy');
    expect(bench.isWhole).toBe(true);
  });

  test('that is pulled mid-copy: nothing is changed, and the copy goes on later', async () => {
    let cut = 0;
    const outcome = await bench.fetch({
      target: lying(),
      onProgress: ({ transferred }) => {
        if (cut > 0 || transferred < mib) return;
        cut = transferred;
        truncateSync(onStick, transferred + mib);
        rmSync(onStick);
      },
    });
    expect(cut).toBeGreaterThan(0);
    expect(codeOf(outcome)).toBe('source-gone');
    expect(codeOf(await bench.fetch({ target: lying() }))).toBe('source-gone');
    const saved = bench.partialSize;
    expect(saved).toBeGreaterThanOrEqual(cut);
    copyFileSync(join(bench.feed, 'next.outpack'), onStick);
    expect(await bench.fetch({ target: lying() })).toEqual({
      ok: true,
      value: { transferred: packBytes - saved, way: 'copy' },
    });
    expect(bench.isWhole).toBe(true);
  });

  test('cancelled mid-copy, then copied', async () => {
    expect(codeOf(await bench.fetch({ target: lying(), ...stopAt(mib) }))).toBe('cancelled');
    expect(bench.partialSize).toBeLessThan(packBytes);
    expect(wayOf(await bench.fetch({ target: lying() }))).toBe('copy');
    expect(bench.isWhole).toBe(true);
  });

  test('a flipped byte is refused, also where a copy is gone on with', async () => {
    const good = readFileSync(onStick);
    const spoiled = Buffer.from(good);
    spoiled[packBytes - 5] = (spoiled[packBytes - 5] ?? 0) ^ 1;
    writeFileSync(onStick, spoiled);
    expect(codeOf(await bench.fetch({ target: lying(), ...stopAt(mib) }))).toBe('cancelled');
    expect(codeOf(await bench.fetch({ target: lying() }))).toBe('trust-digest');
    expect(bench.partialSize).toBe(0);
    writeFileSync(onStick, good);
    expect(wayOf(await bench.fetch({ target: lying() }))).toBe('copy');
  });
});

describe('a disk', () => {
  test('that has less room than the pack needs is not begun with', async () => {
    const target = { ...bench.target('next.outpack'), size: 2 ** 50 };
    const outcome = await bench.fetch({ target });
    expect(codeOf(outcome)).toBe('not-enough-space');
    expect(outcome.ok ? 0 : outcome.fault.params['needed']).toBeGreaterThan(2 ** 50);
    expect(bench.server.asked).toHaveLength(0);
  });

  test('that somebody else fills meanwhile: what came is kept, and it goes on with room', async (context) => {
    const disk = join(bench.folder, 'small-disk');
    mkdirSync(disk);
    // A real disk of 24 MB, where the system lets one be made.
    const made = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'outpost-test', disk]);
    if (made.status !== 0) return context.skip('no disk can be made here');
    try {
      const to = join(disk, 'pack.outpack');
      const ballast = join(disk, 'ballast');
      let isFull = false;
      const outcome = await bench.fetch({
        to,
        onProgress: () => {
          if (isFull) return;
          isFull = true;
          writeFileSync(ballast, Buffer.alloc(10 * mib));
        },
      });
      expect(codeOf(outcome)).toBe('disk-full');
      const saved = statSync(`${to}.partial`).size;
      expect(saved).toBeGreaterThan(8 * mib);
      expect(codeOf(await bench.fetch({ to }))).toBe('not-enough-space');
      rmSync(ballast);
      expect(await bench.fetch({ to })).toEqual({
        ok: true,
        value: { transferred: packBytes - saved, way: 'full' },
      });
      expect(readFileSync(to).equals(bench.next)).toBe(true);
    } finally {
      spawnSync('umount', [disk]);
    }
  });
});
