import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MonitorSeries } from '../../contract/serving/monitor.ts';
import type { Served } from '../../contract/serving/serving.ts';
import { createMeter } from '../../main/monitor/index.ts';
import type { MachineStatus } from '../../main/monitor/index.ts';
import type { Meter } from '../../main/monitor/index.ts';
import type { Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { newFolder } from '../temp/folder.ts';

/** 12:00:20 UTC. */
const start = Date.UTC(2026, 5, 15, 12, 0, 20);
let nowMs: number;
let status: MachineStatus;
let folder: string;
let store: Store;
let meter: Meter;

const openMeter = (): Meter =>
  createMeter({ store, status: () => status, now: () => nowMs, log: () => undefined });
beforeEach(async () => {
  nowMs = start;
  status = { workers: 2, restarts: 0, queued: 0, oldestWaitMs: 0, memoryBytes: 200e6 };
  folder = newFolder();
  store = await openTestStore(folder);
  meter = openMeter();
});
afterEach(async () => {
  meter.close();
  await store.close();
});

const served = (more: Partial<Served> = {}): Served => ({
  at: nowMs,
  client: 'http',
  model: 'm',
  version: '1.0.0',
  kind: 'tensor',
  code: 'ok',
  totalMs: 10,
  queueMs: 1,
  runMs: 8,
  rows: 1,
  batchRows: 1,
  cached: false,
  ...more,
});
const lastPoint = async (query: Parameters<Meter['query']>[0]) => (await meter.query(query)).points.at(-1);

describe('the meter', () => {
  it('counts answers, faults and hits of the running minute, and the rate over the time that has passed of it', async () => {
    for (let n = 0; n < 30; n++) meter.record(served({ cached: n < 6, batchRows: n < 6 ? 0 : 1 }));
    meter.record(served({ code: 'busy', totalMs: 0 }));
    meter.record(served({ code: 'cancelled' }));
    nowMs += 10_000;
    const series = await meter.query({ range: '1h' });
    expect(MonitorSeries.parse(series)).toEqual(series);
    expect(series.points).toHaveLength(60);
    expect(series.points.at(-1)).toMatchObject({
      t: start / 1000 - 20,
      perSecond: 1,
      cachedShare: 0.2,
      batchMean: 1,
      faults: 1,
      waitMax: 1,
    });
    expect(series.points.at(-2)).toMatchObject({ perSecond: 0, p50: null, cachedShare: null });
    expect(series.total).toMatchObject({ answered: 30, faults: 1, cachedShare: 0.2 });
    expect(series.models).toEqual(['m']);
  });

  it('reads percentiles from the histogram', async () => {
    for (let n = 1; n <= 1_000; n++) meter.record(served({ totalMs: n / 10 }));
    const point = await lastPoint({ range: '1h' });
    for (const [share, exact] of [
      ['p50', 50],
      ['p95', 95],
      ['p99', 99],
    ] as const)
      expect(Math.abs((point?.[share] ?? 0) / exact - 1)).toBeLessThan(0.1);
  });

  it('knows the mean batch from what each request tells of its own', async () => {
    // One batch of 8 by four requests of 2 rows, one of 2 by one request.
    for (let n = 0; n < 4; n++) meter.record(served({ rows: 2, batchRows: 8 }));
    meter.record(served({ rows: 2, batchRows: 2 }));
    expect((await lastPoint({ range: '1h' }))?.batchMean).toBeCloseTo(5);
  });

  it('answers by model and client, and right now by the last five whole seconds', async () => {
    for (let n = 0; n < 40; n++) {
      meter.record(served({ client: n % 4 === 0 ? 'window' : 'http', totalMs: 20 }));
      nowMs += 100;
    }
    meter.record(served({ model: 'other', totalMs: 500 }));
    nowMs += 1_000;
    expect((await meter.query({ range: '1h' })).now).toMatchObject({ perSecond: 41 / 5, workers: 2 });
    const one = await meter.query({ range: '24h', model: 'm', client: 'window' });
    expect(one.now.perSecond).toBe(2);
    expect(one.now.medianMs).toBeGreaterThan(15);
    expect(one.now.medianMs).toBeLessThan(26);
    expect(one.total.answered).toBe(10);
    expect(one.points).toHaveLength(288);
    nowMs += 6_000;
    expect((await meter.query({ range: '1h' })).now).toMatchObject({ perSecond: 0, medianMs: null });
    expect((await meter.query({ range: '1h', model: 'gone' })).points).toEqual([]);
  });

  it('goes on in the same minute after a restart, and notes how the machine did', async () => {
    meter.record(served());
    status = { ...status, queued: 9, restarts: 2, memoryBytes: 300e6, oldestWaitMs: 40 };
    expect((await meter.query({ range: '1h' })).now).toMatchObject({
      queued: 9,
      restarts: 2,
      oldestWaitMs: 40,
    });
    meter.close();
    meter.record(served());
    await store.close();
    store = await openTestStore(folder);
    status = { ...status, queued: 3, restarts: 0 };
    meter = openMeter();
    meter.record(served());
    nowMs += 1_000;
    const series = await meter.query({ range: '1h' });
    expect(series.total.answered).toBe(2);
    expect(series.points.at(-1)?.queueMax).toBe(9);
  });

  it('gives at most 300 points of any range, and old sums in longer steps', async () => {
    const day = 86_400_000;
    for (const age of [80 * day, 10 * day, 5 * day, 0]) {
      nowMs = start - age;
      meter.record(served());
      meter.flush();
    }
    const answered = new Map<string, number>();
    for (const range of ['1h', '24h', '7d', '13w'] as const) {
      const { points, total } = await meter.query({ range });
      expect(points.length).toBeLessThanOrEqual(300);
      expect(points.filter(({ p50 }) => p50 !== null)).toHaveLength(total.answered);
      answered.set(range, total.answered);
    }
    expect([...answered.values()]).toEqual([1, 1, 2, 4]);
  });

  it('keeps the number of rows in bounds, whatever names come', async () => {
    for (let n = 0; n < 3_000; n++) meter.record(served({ model: `made-up-${n}` }));
    const series = await meter.query({ range: '1h' });
    expect(series.total.answered).toBe(3_000);
    expect(series.models.length).toBeLessThan(520);
    expect(series.models[0]).toBe('*');
  });

  it('costs little: 12,000 requests a second take less than a twentieth of one core', () => {
    const one = served();
    for (let n = 0; n < 20_000; n++) meter.record(one);
    const begun = process.cpuUsage();
    for (let n = 0; n < 120_000; n++) meter.record(one);
    const { user, system } = process.cpuUsage(begun);
    // Ten seconds' worth.
    expect((user + system) / 1e6).toBeLessThan(0.5);
  });
});
