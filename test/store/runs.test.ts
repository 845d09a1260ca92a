import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fault } from '../../contract/faults/faults.ts';
import type { RunPageQuery } from '../../contract/runs/run.ts';
import type { RunItemEntry, Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { startRun } from '../fixtures/start-run.ts';
import { newFolder } from '../temp/folder.ts';

const total = 50_000;
const folder = newFolder();
let store: Store;
const item = (n: number): RunItemEntry => {
  const isFault = n % 100 === 99;
  const name = `IMG_${n}.JPG`;
  const base = { run: 'r1', place: { input: 0, below: name }, name, cached: n % 2 === 0 };
  return isFault
    ? {
        ...base,
        key: null,
        label: null,
        labels: [],
        score: null,
        durationMs: null,
        fault: fault('file-empty', { file: base.name }),
      }
    : {
        ...base,
        key: `sha256:${n}`,
        label: n % 3 === 0 ? 'Äffchen' : 'Tasse',
        labels: n % 3 === 0 ? ['Äffchen', 'Tasse'] : ['Tasse'],
        score: (n % 10) / 10,
        durationMs: 12.5,
        fault: null,
      };
};
const progress = {
  found: total,
  scanned: true,
  leftOut: { other: 0, hidden: 0, system: 0 },
  elapsedMs: 0,
};
const query = (patch: Partial<RunPageQuery>): RunPageQuery => ({
  run: 'r1',
  show: 'all',
  unsureBelow: 0.3,
  search: '',
  offset: 0,
  limit: 100,
  ...patch,
});

beforeAll(async () => {
  store = await openTestStore(folder);
  const startedAt = new Date().toISOString();
  await startRun(store, { title: 'Photos', startedAt });
  for (let n = 0; n < total; n += 1) store.addRunItem(item(n), progress);
  await store.flush();
}, 60_000);
afterAll(async () => {
  await store.close();
});

describe('a run', () => {
  it('pages in order of arrival with all counts', async () => {
    const page = await store.runPage(query({ offset: 40_000, limit: 50 }));
    expect(page.rows.map((row) => row.seq)).toEqual(Array.from({ length: 50 }, (_, n) => 40_000 + n));
    // Scores .0, .1 and .2 are unsure; of every hundred, the one with .9 is a fault.
    expect(page).toMatchObject({ total, all: total, unsure: 15_000, empty: 0, faults: 500 });
    expect(page.rows[1]).toEqual({
      seq: 40_001,
      path: '/photos/IMG_40001.JPG',
      name: 'IMG_40001.JPG',
      key: 'sha256:40001',
      label: 'Tasse',
      score: 0.1,
      durationMs: 12.5,
      cached: false,
      duplicateOf: null,
      fault: null,
    });
  });

  it('shows the unsure and the faults alone', async () => {
    const unsure = await store.runPage(query({ show: 'unsure', offset: 14_990 }));
    expect(unsure.total).toBe(15_000);
    expect(unsure.rows.map((row) => row.seq).slice(-4)).toEqual([49_982, 49_990, 49_991, 49_992]);
    const faults = await store.runPage(query({ show: 'faults', offset: 498 }));
    expect(faults.rows.map((row) => [row.seq, row.fault?.code])).toEqual([
      [49_899, 'file-empty'],
      [49_999, 'file-empty'],
    ]);
    expect(await store.runFaultSeqs('r1', 3)).toEqual([99, 199, 299]);
  });

  it('is searched by name and label in any case', async () => {
    expect((await store.runPage(query({ search: 'img_4999' }))).total).toBe(11);
    const found = await store.runPage(query({ search: 'ÄFF', show: 'unsure' }));
    expect(found.rows.every((row) => row.label === 'Äffchen' && (row.score ?? 1) < 0.3)).toBe(true);
    expect(found.total).toBe(5_000);
    expect((await store.runPage(query({ search: '%_' }))).total).toBe(0);
  });

  it('turns any page of any filter in far less than a frame once it was shown', async () => {
    const times: number[] = [];
    for (let n = 0; n < 40; n += 1) {
      const begun = performance.now();
      await store.runPage(query({ show: 'unsure', search: 'img', offset: n * 300 }));
      times.push(performance.now() - begun);
    }
    expect(times.sort((a, b) => a - b)[20]).toBeLessThan(16);
  });

  it('shows what came since, at once', async () => {
    store.addRunItem({ ...item(1), score: 0.05 }, progress);
    const page = await store.runPage(query({ show: 'unsure', offset: 15_000 }));
    expect(page).toMatchObject({ total: 15_001, all: total + 1 });
    expect(page.rows).toHaveLength(1);
    expect(await store.runItem('r1', total)).toMatchObject({ seq: total, score: 0.05 });
    expect(await store.runItem('r1', total + 1)).toBeNull();
  });

  it('shows what has a label among its own, whichever is the first, and what is empty', async () => {
    const counts = await store.runPage(query({}));
    const answered = counts.all - counts.faults;
    const monkeys = await store.runPage(query({ label: 'Äffchen' }));
    const cups = await store.runPage(query({ label: 'Tasse', limit: 6 }));
    expect(monkeys.rows.every((row) => row.label === 'Äffchen')).toBe(true);
    expect([cups.total, cups.rows.map((row) => row.label)]).toEqual([
      answered,
      ['Äffchen', 'Tasse', 'Tasse', 'Äffchen', 'Tasse', 'Tasse'],
    ]);
    expect(monkeys.total).toBeLessThan(answered / 2);
    // A part of a label or of a name is not the label.
    for (const label of ['Tass', 'IMG_1.JPG'])
      expect((await store.runPage(query({ label }))).total, label).toBe(0);
    expect((await store.runPage(query({ label: 'Äffchen', search: 'img_4999' }))).total).toBe(3);

    store.addRunItem({ ...item(2), label: null, labels: [], score: null }, progress);
    const empty = await store.runPage(query({ show: 'empty' }));
    expect(empty).toMatchObject({ total: 1, empty: 1 });
    expect([empty.rows[0]?.label, empty.rows[0]?.fault, (await store.runTotals('r1')).empty]).toEqual([
      null,
      null,
      1,
    ]);
    expect(await store.runTotals('no such run')).toEqual({ empty: 0, duplicates: 0, emptyDuplicates: 0 });
  });

  it('counts its labels, each once an item', async () => {
    const labels = await store.runLabels('r1', 5);
    expect(labels.map((row) => row.label)).toEqual(['Tasse', 'Äffchen']);
    const { all, faults, empty } = await store.runPage(query({}));
    expect(labels[0]?.count).toBe(all - faults - empty);
    expect(labels[0]?.count).toBeGreaterThan(labels[1]?.count ?? 0);
    expect(await store.runPage(query({ run: 'r2' }))).toMatchObject({ rows: [], all: 0 });
  });
});
