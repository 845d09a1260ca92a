import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { defaultSettings } from '../../../contract/settings.ts';
import type { DownloadProgress } from '../../../contract/lifecycle/update.ts';
import { codeOf, mib, MoveBench, packBytes, stopAt, wayOf } from './bench.ts';

const bench = new MoveBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(() => bench.reset());

const onlyWhole = (): void => {
  expect(bench.isWhole).toBe(true);
  expect(readdirSync(dirname(bench.to))).toEqual(['pack.outpack']);
};

describe('the whole pack', () => {
  test('comes as it is, once, with its progress', async () => {
    const reported: DownloadProgress[] = [];
    bench.server.behave({ slowMs: 1 });
    const begun = performance.now();
    const outcome = await bench.fetch({ onProgress: (progress) => void reported.push(progress) });
    const seconds = (performance.now() - begun) / 1000;
    expect(outcome).toEqual({ ok: true, value: { transferred: packBytes, way: 'full' } });
    onlyWhole();
    expect(bench.server.asked).toHaveLength(1);
    expect(bench.server.asked[0]?.range).toBeNull();
    expect(reported.length).toBeGreaterThan(2);
    expect(reported.length).toBeLessThanOrEqual(seconds * 10 + 2);
    expect(reported.at(-1)).toMatchObject({
      model: 'demo',
      version: '1.1.0',
      transferred: packBytes,
      total: packBytes,
    });
    expect(reported.at(-1)?.bytesPerSecond).toBeGreaterThan(packBytes / seconds / 4);
  });

  test('is not fetched again when it lies there', async () => {
    await bench.fetch();
    bench.server.behave({});
    expect(await bench.fetch()).toEqual({ ok: true, value: { transferred: 0, way: 'kept' } });
    expect(bench.server.asked).toHaveLength(0);
  });

  test('is not fetched again when only its name was not given yet', async () => {
    await bench.fetch();
    renameSync(bench.to, `${bench.to}.partial`);
    bench.server.behave({});
    const outcome = await bench.fetch({ basis: bench.basis });
    expect(outcome).toEqual({ ok: true, value: { transferred: 0, way: 'kept' } });
    expect(bench.server.asked).toHaveLength(0);
    onlyWhole();
  });

  test('is fetched again when what lies there is not it', async () => {
    await bench.fetch();
    const spoiled = Buffer.from(bench.next);
    spoiled[5] = (spoiled[5] ?? 0) ^ 1;
    writeFileSync(bench.to, spoiled);
    expect(wayOf(await bench.fetch())).toBe('full');
    onlyWhole();
  });

  test('goes on where it was stopped', async () => {
    bench.server.behave({ slowMs: 2 });
    expect(codeOf(await bench.fetch(stopAt(8 * mib)))).toBe('cancelled');
    const saved = bench.partialSize;
    expect(saved).toBeGreaterThanOrEqual(8 * mib);
    bench.server.behave({});
    expect(await bench.fetch()).toEqual({ ok: true, value: { transferred: packBytes - saved, way: 'full' } });
    expect(bench.server.asked[0]?.range).toBe(`bytes=${saved}-${packBytes - 1}`);
    onlyWhole();
  });

  test('begins anew when a server without ranges is asked to go on', async () => {
    bench.server.behave({ dropAfter: 3 * mib });
    expect(codeOf(await bench.fetch())).toBe('download-dropped');
    bench.server.behave({ ranges: 'none' });
    expect(wayOf(await bench.fetch())).toBe('full');
    expect(bench.server.asked).toHaveLength(1);
    expect(bench.server.sent).toBe(packBytes);
    onlyWhole();
  });

  test('begins anew when what was left of it is spoiled', async () => {
    bench.server.behave({ dropAfter: 3 * mib });
    await bench.fetch();
    const partial = readFileSync(`${bench.to}.partial`);
    partial[100] = (partial[100] ?? 0) ^ 1;
    writeFileSync(`${bench.to}.partial`, partial);
    bench.server.behave({});
    expect(wayOf(await bench.fetch())).toBe('full');
    onlyWhole();
  });

  test('is refused when a byte is flipped, and nothing of it stays', async () => {
    bench.server.behave({ spoil: flip(9 * mib) });
    const outcome = await bench.fetch();
    expect(codeOf(outcome)).toBe('trust-digest');
    expect(readdirSync(dirname(bench.to))).toEqual([]);
  });

  test('is refused when SHA-256 fits and SHA-512 does not', async () => {
    const target = { ...bench.target('next.outpack'), sha512: '0'.repeat(128) };
    expect(codeOf(await bench.fetch({ target }))).toBe('trust-digest');
    expect(existsSync(bench.to)).toBe(false);
  });

  test('is refused before it is read when its length is another', async () => {
    const target = { ...bench.target('next.outpack'), size: packBytes - 7 };
    expect(codeOf(await bench.fetch({ target }))).toBe('trust-digest');
    expect(bench.partialSize).toBe(0);
  });

  test('comes at the speed that Settings allows', async () => {
    bench.settings = { ...defaultSettings, bandwidthCapKiBps: 10_240 };
    const begun = performance.now();
    expect(wayOf(await bench.fetch())).toBe('full');
    const kibps = packBytes / 1024 / ((performance.now() - begun) / 1000);
    expect(kibps).toBeGreaterThan(10_240 * 0.7);
    expect(kibps).toBeLessThan(10_240 * 1.3);
  });
});

describe('a delta', () => {
  test('of one region of 5 % moves at most 8 % of the bytes', async () => {
    const outcome = await bench.fetch({ basis: bench.basis });
    expect(wayOf(outcome)).toBe('delta');
    onlyWhole();
    expect(bench.server.sent / packBytes).toBeLessThan(0.08);
    expect(outcome.ok && outcome.value.transferred).toBe(bench.server.sent);
    expect(bench.server.asked[0]?.range).toBe('bytes=0-0');
  });

  test('is as small with the map of the old pack from the feed', async () => {
    const oldBlockmap = bench.target('old.outpack.blockmap');
    expect(wayOf(await bench.fetch({ basis: bench.basis, oldBlockmap }))).toBe('delta');
    expect(bench.server.sent / packBytes).toBeLessThan(0.08);
    onlyWhole();
  });

  test('has a size before it is fetched', async () => {
    const oldBlockmap = bench.target('old.outpack.blockmap');
    const rawCustom = await bench.mover().deltaSizeOf(bench.request({ oldBlockmap }));
    bench.server.behave({});
    const outcome = await bench.fetch({ basis: bench.basis, oldBlockmap });
    expect(outcome.ok && outcome.value.transferred).toBe(rawCustom.ok && (rawCustom.value ?? 0) + 1);
  });

  test('gives way to the whole pack when the old one is spoiled', async () => {
    const spoiled = Buffer.from(bench.old);
    spoiled[12 * mib] = (spoiled[12 * mib] ?? 0) ^ 1;
    writeFileSync(bench.basis.file, spoiled);
    // By its own bytes the damage is seen, and the block is fetched.
    expect(wayOf(await bench.fetch({ basis: bench.basis }))).toBe('delta');
    onlyWhole();
    bench.reset();
    writeFileSync(bench.basis.file, spoiled);
    const oldBlockmap = bench.target('old.outpack.blockmap');
    expect(wayOf(await bench.fetch({ basis: bench.basis, oldBlockmap }))).toBe('full');
    onlyWhole();
  });

  test('gives way when the map is not the signed one, when it is gone, when nothing is alike', async () => {
    bench.server.behave({ only: /blockmap$/u, spoil: flip(40) });
    expect(wayOf(await bench.fetch({ basis: bench.basis }))).toBe('full');
    bench.reset();
    bench.server.behave({ only: /blockmap$/u, status: 404 });
    expect(wayOf(await bench.fetch({ basis: bench.basis }))).toBe('full');
    bench.reset();
    writeFileSync(bench.basis.file, Buffer.alloc(5 * mib, 3));
    expect(wayOf(await bench.fetch({ basis: bench.basis }))).toBe('full');
    bench.reset();
    truncateSync(bench.basis.file, 0);
    expect(wayOf(await bench.fetch({ basis: bench.basis }))).toBe('full');
    onlyWhole();
  });

  test('a byte flipped in what it fetches is refused in the end', async () => {
    bench.server.behave({ only: /outpack$/u, spoil: flip(7 * mib + 5000) });
    expect(codeOf(await bench.fetch({ basis: bench.basis }))).toBe('trust-digest');
    expect(readdirSync(dirname(bench.to))).toEqual([]);
  });

  test('becomes the rest of the whole pack when the old one goes away meanwhile', async () => {
    bench.server.behave({ slowMs: 10, only: /outpack$/u });
    const onProgress = (): void => truncateSync(bench.basis.file, 8 * mib);
    expect(wayOf(await bench.fetch({ basis: bench.basis, onProgress }))).toBe('full');
    expect(bench.server.sent / packBytes).toBeLessThan(0.75);
    onlyWhole();
  });

  test('goes on where it was stopped', async () => {
    bench.server.behave({ slowMs: 10, only: /outpack$/u });
    expect(codeOf(await bench.fetch({ basis: bench.basis, ...stopAt(mib / 4) }))).toBe('cancelled');
    expect(bench.partialSize).toBeGreaterThan(7 * mib);
    bench.server.behave({});
    const outcome = await bench.fetch({ basis: bench.basis });
    expect(wayOf(outcome)).toBe('delta');
    expect(bench.server.sent / packBytes).toBeLessThan(0.045);
    onlyWhole();
  });
});

test('a metered connection waits, unless a person asked', async () => {
  bench.settings = { ...defaultSettings, updateNetworks: 'unmetered' };
  bench.isUnmetered = false;
  expect(codeOf(await bench.fetch({ byHand: false }))).toBe('network-metered');
  expect(bench.server.asked).toHaveLength(0);
  expect(wayOf(await bench.fetch({ byHand: true }))).toBe('full');
  expect(statSync(bench.to).size).toBe(packBytes);
});

function flip(where: number): (piece: Buffer, at: number) => Buffer {
  return (piece, at) => {
    if (where < at || where >= at + piece.byteLength) return piece;
    const copy = Buffer.from(piece);
    copy[where - at] = (copy[where - at] ?? 0) ^ 0xff;
    return copy;
  };
}
