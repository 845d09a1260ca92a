import Sqlite from 'better-sqlite3';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { MachineRow, SeriesRow, Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { newFolder } from '../temp/folder.ts';

const hour = 3_600;
const day = 24 * hour;
/** Noon, UTC. */
const nowS = Date.UTC(2026, 5, 15, 12) / 1000;
const nowMs = nowS * 1000;

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = newFolder();
  store = await openTestStore(folder);
});
afterEach(async () => {
  await store.close();
});

const row = (at: number, more: Partial<SeriesRow> = {}): SeriesRow => ({
  at,
  model: 'm',
  version: '1.0.0',
  client: 'http',
  answered: 3,
  faults: 1,
  cached: 1,
  latency: { 10: 2, 12: 1 },
  waitMaxMs: 4,
  waitSumMs: 6,
  runSumMs: 30,
  batches: 1.5,
  batchRows: 3,
  ...more,
});
const machineRow = (at: number, more: Partial<MachineRow> = {}): MachineRow => ({
  at,
  queuedMax: 2,
  workers: 2,
  restarts: 1,
  memoryBytes: 1_000,
  ...more,
});
const spansThere = (table: string): Record<string, number> => {
  const db = new Sqlite(path.join(folder, 'outpost.db'), { readonly: true });
  try {
    const found = db.prepare(`SELECT span, count(*) AS n FROM ${table} GROUP BY span`).all();
    return Object.fromEntries((found as { span: number; n: number }[]).map(({ span, n }) => [span, n]));
  } finally {
    db.close();
  }
};
const hourOf = (to: number) => ({ from: to - hour, to, step: 60 });

describe('minutes', () => {
  it('are added to, not overwritten, also by a store that was opened again', async () => {
    const at = nowS - 60;
    store.addSeries({ rows: [row(at)], machine: [machineRow(at)] }, nowMs);
    await store.close();
    store = await openTestStore(folder);
    store.addSeries(
      {
        rows: [row(at, { latency: { 12: 5, 40: 1 }, waitMaxMs: 2 })],
        machine: [machineRow(at, { queuedMax: 7, memoryBytes: 900 })],
      },
      nowMs,
    );
    const page = await store.series(hourOf(nowS));
    expect(page.sums).toEqual([
      {
        at,
        answered: 6,
        faults: 2,
        cached: 2,
        latency: { 10: 2, 12: 6, 40: 1 },
        waitMaxMs: 4,
        waitSumMs: 12,
        runSumMs: 60,
        batches: 3,
        batchRows: 6,
      },
    ]);
    expect(page.machine).toEqual([{ at, queuedMax: 7, workers: 2, restarts: 2, memoryBytes: 1_000 }]);
  });

  it('are told apart by model, version and client, and summed over what is not asked for', async () => {
    const at = nowS - 60;
    const rows = [
      row(at),
      row(at, { version: '2.0.0' }),
      row(at, { client: 'cli' }),
      row(at, { model: 'other', answered: 10 }),
    ];
    store.addSeries({ rows, machine: [] }, nowMs);
    const answered = async (more: { model?: string; client?: string }): Promise<number | undefined> =>
      (await store.series({ ...hourOf(nowS), ...more })).sums[0]?.answered;
    expect(await answered({})).toBe(19);
    expect(await answered({ model: 'm' })).toBe(9);
    expect(await answered({ model: 'm', client: 'cli' })).toBe(3);
    expect(await answered({ model: 'gone' })).toBeUndefined();
    expect((await store.series({ ...hourOf(nowS), model: 'm' })).models).toEqual(['m', 'other']);
    expect((await store.series(hourOf(nowS - hour))).models).toEqual([]);
  });

  it('go together into longer steps', async () => {
    const rows = [row(nowS - 540), row(nowS - 360), row(nowS - 60)];
    store.addSeries({ rows, machine: [machineRow(nowS - 540)] }, nowMs);
    const page = await store.series({ from: nowS - hour, to: nowS, step: 300 });
    expect(page.sums.map(({ at, answered }) => [at - nowS, answered])).toEqual([
      [-600, 6],
      [-300, 3],
    ]);
  });
});

describe('what is old', () => {
  it('becomes hours after 25 hours, days after 14 days, and is forgotten after 13 weeks; nothing is lost before', async () => {
    const ages = [
      60,
      24 * hour,
      26 * hour + 60,
      26 * hour + 120,
      13 * day,
      20 * day,
      20 * day + hour,
      90 * day,
    ];
    const rows = ages.map((age) => row(nowS - age));
    store.addSeries({ rows, machine: rows.map(({ at }) => machineRow(at)) }, nowMs);
    // Minutes that are hours now are old enough to be days with the next write.
    store.addSeries({ rows: [], machine: [] }, nowMs);
    await store.flush();
    expect(spansThere('series')).toEqual({ 60: 2, [hour]: 2, [day]: 2 });
    expect(spansThere('machine_series')).toEqual({ 60: 2, [hour]: 2, [day]: 2 });
    const all = { from: nowS - 91 * day, to: nowS + day, step: day };
    const page = await store.series(all);
    expect(page.sums.reduce((sum, one) => sum + one.answered, 0)).toBe(ages.length * 3);
    expect(page.sums.reduce((sum, one) => sum + (one.latency[10] ?? 0), 0)).toBe(ages.length * 2);

    store.addSeries({ rows: [], machine: [] }, nowMs + 3 * day * 1000);
    expect((await store.series(all)).sums.reduce((sum, one) => sum + one.answered, 0)).toBe(
      (ages.length - 1) * 3,
    );
  });

  it('is rolled up in portions, and the sums stay whole meanwhile', async () => {
    const rows = Array.from({ length: 1_300 }, (_, n) =>
      row(nowS - 30 * hour - (n % 60) * 60, { version: `1.0.${n}` }),
    );
    store.addSeries({ rows, machine: [] }, nowMs);
    const sum = async (): Promise<number> => {
      const page = await store.series({ from: nowS - 40 * hour, to: nowS, step: hour });
      return page.sums.reduce((all, one) => all + one.answered, 0);
    };
    expect(await sum()).toBe(3_900);
    expect(spansThere('series')[60]).toBe(800);
    for (let n = 0; n < 2; n++) store.addSeries({ rows: [], machine: [] }, nowMs);
    expect(await sum()).toBe(3_900);
    expect(spansThere('series')).toEqual({ [hour]: 1_300 });
  });
});
