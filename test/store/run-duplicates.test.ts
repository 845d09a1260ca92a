import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExportChoice } from '../../contract/runs/export.ts';
import { fault } from '../../contract/faults/faults.ts';
import type { RunPageQuery } from '../../contract/runs/run.ts';
import { csv } from '../../main/exports/formats/csv.ts';
import { countOf, firstRows, openSource } from '../../main/exports/index.ts';
import { openWritable } from '../../main/store/database.ts';
import { migrate } from '../../main/store/migrations/index.ts';
import { recordRow } from '../../main/store/index.ts';
import type { RunItemEntry, Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { startRun } from '../fixtures/start-run.ts';
import { stored } from '../fixtures/stored-record.ts';
import { newFolder } from '../temp/folder.ts';

const { input: _input, cached: _cached, ...answer } = stored;
const progress = { found: 8, scanned: true, leftOut: { other: 0, hidden: 0, system: 0 }, elapsedMs: 0 };
const digestOf = (content: string): `sha256:${string}` =>
  `sha256:${Buffer.from(content).toString('hex').padEnd(64, '0')}`;
let store: Store;

/** `key`: of another provider, where the first one failed in mid-run. */
function item(name: string, content: string | null, key = content): RunItemEntry {
  if (content !== null && key !== null)
    store.putRecord(`key of ${key}`, recordRow({ ...answer, digest: digestOf(content) }), null);
  return {
    run: 'r1',
    place: { input: 0, below: name },
    name,
    key: key && `key of ${key}`,
    label: content && 'lynx',
    labels: content === null ? [] : ['lynx'],
    score: content === null ? null : 0.9,
    durationMs: 1,
    cached: false,
    fault: content === null ? fault('file-empty', { file: name }) : null,
  };
}

beforeAll(async () => {
  store = await openTestStore(newFolder());
  await startRun(store, { model: answer.model });
  for (const entry of [
    item('ridge/1.jpg', 'one'),
    item('ridge/2.jpg', 'two'),
    item('ridge/3.jpg', null),
    item('twice/1.jpg', 'one'),
    item('twice/3.jpg', null),
    item('twice/4.jpg', 'four'),
    item('thrice/1.jpg', 'one'),
    item('thrice/2.jpg', 'two', 'two by another provider'),
  ])
    store.addRunItem(entry, progress);
  await store.flush();
});
afterAll(() => store.close());

const shown = async (patch: Partial<RunPageQuery>): Promise<readonly number[]> => {
  const query = { run: 'r1', show: 'all', unsureBelow: 0.4, search: '', offset: 0, limit: 500 } as const;
  const { rows, total } = await store.runPage({ ...query, ...patch });
  expect(total).toBe(rows.length);
  return rows.map(({ seq }) => seq);
};

async function exported(choice: ExportChoice) {
  const source = await openSource(store, 'r1', { choice });
  if (!source.ok) throw new Error(source.fault.message);
  const seqs: number[] = [];
  for await (const each of source.value.items()) seqs.push(each.seq);
  const first = await firstRows(store, 'r1', { rows: 100, choice });
  expect(first.ok && first.value.rows.length).toBe(seqs.length);
  return { seqs, duplicates: countOf(source.value).duplicates, source: source.value };
}

test('a photo says which one of the run has the same content, and is filtered by it', async () => {
  expect(await store.runItem('r1', 0)).toMatchObject({ duplicateOf: null });
  expect(await store.runItem('r1', 3)).toMatchObject({ duplicateOf: { seq: 0, name: 'ridge/1.jpg' } });
  expect(await store.runItem('r1', 6)).toMatchObject({ duplicateOf: { seq: 0, name: 'ridge/1.jpg' } });
  expect(await store.runItem('r1', 7)).toMatchObject({ duplicateOf: { seq: 1, name: 'ridge/2.jpg' } });
  expect(await store.runTotals('r1')).toEqual({ empty: 0, duplicates: 3, emptyDuplicates: 0 });
  expect(await store.runLabels('r1', 9)).toEqual([{ label: 'lynx', count: 6, duplicates: 3 }]);
  expect(await shown({ duplicates: 'only' })).toEqual([3, 6, 7]);
  expect(await shown({ duplicates: 'without' })).toEqual([0, 1, 2, 4, 5]);
  expect(await shown({ duplicates: 'without', show: 'faults' })).toEqual([2, 4]);
  expect(await shown({ duplicates: 'only', search: 'twice' })).toEqual([3]);
  expect(await shown({ duplicates: 'only', site: 'thrice' })).toEqual([6, 7]);
  const backwards = { by: 'walk', descending: true } as const;
  expect(await shown({ duplicates: 'only', sort: backwards })).toEqual([7, 6, 3]);
});

test('an export holds each content once, and says of which photo the others are duplicates', async () => {
  const all = await exported({});
  expect(all).toMatchObject({ seqs: [0, 1, 2, 3, 4, 5, 6, 7], duplicates: 3 });
  expect(await exported({ duplicates: 'leave-out' })).toMatchObject({ seqs: [0, 1, 2, 4, 5], duplicates: 3 });
  // Of a choice without the first one, the next stays: the animal on it was seen.
  expect(await exported({ duplicates: 'leave-out', items: Uint32Array.of(2, 3, 6, 7) })).toMatchObject({
    seqs: [2, 3, 7],
    duplicates: 1,
  });
  let text = '';
  if (csv.kind === 'file')
    for await (const part of csv.write(all.source, { separator: 'comma' })) text += String(part);
  const lines = text.trimEnd().split('\r\n');
  expect(lines[0]).toMatch(/,orientation,duplicateOf$/u);
  expect(lines[1]).toMatch(/,$/u);
  expect(lines[4]).toMatch(/,ridge\/1\.jpg$/u);
});

test('a photo that was read only when it was tried again is a duplicate too', async () => {
  store.replaceRunItem(item('twice/3.jpg', 'four'), { seq: 4, elapsedMs: 0 });
  store.replaceRunItem(item('ridge/3.jpg', 'three'), { seq: 2, elapsedMs: 0 });
  store.addRunItem(item('later/4.jpg', 'four'), progress);
  await store.flush();
  expect(await store.runItem('r1', 4)).toMatchObject({ duplicateOf: { seq: 5 } });
  expect(await shown({ duplicates: 'only' })).toEqual([3, 4, 6, 7, 8]);
  expect(await shown({ duplicates: 'without' })).toEqual([0, 1, 2, 5]);
  expect((await store.runTotals('r1')).duplicates).toBe(5);
  expect(await store.runLabels('r1', 9)).toEqual([{ label: 'lynx', count: 9, duplicates: 5 }]);
  expect(await exported({ duplicates: 'leave-out' })).toMatchObject({ seqs: [0, 1, 2, 4], duplicates: 5 });
});

test('photos on which nothing was found are counted without their duplicates too', async () => {
  for (const name of ['grass/1.jpg', 'grass/2.jpg'])
    store.addRunItem({ ...item(name, 'grass'), label: null, labels: [], score: null }, progress);
  await store.flush();
  expect(await store.runTotals('r1')).toEqual({ empty: 2, duplicates: 6, emptyDuplicates: 1 });
  expect(await shown({ show: 'empty', duplicates: 'without' })).toHaveLength(1);
  expect(await shown({ label: 'lynx', duplicates: 'without' })).toHaveLength(9 - 5);
});

test('the eight-thousandth photo of one content is written as fast as the first ones', async () => {
  await startRun(store, { id: 'r3', model: answer.model });
  let written = 0;
  const write = async (many: number): Promise<number> => {
    const begun = performance.now();
    for (const end = written + many; written < end; written += 1)
      store.addRunItem({ ...item(`${written}.jpg`, 'one'), run: 'r3' }, progress);
    await store.flush();
    return performance.now() - begun;
  };
  await write(500);
  const early = await write(500);
  await write(7_000);
  expect(await write(500)).toBeLessThan(4 * early);
  expect(await store.runTotals('r3')).toMatchObject({ duplicates: written - 1 });
});

test('0021 and 0022 same content: photos of a run with the answer of one before them are its duplicates, and counted as such', () => {
  const opened = openWritable(path.join(newFolder(), 'outpost.db'));
  const db = opened.handle;
  migrate(db, 20);
  for (const run of [1, 2])
    db.run(
      "INSERT INTO runs (id, name, title, model, version, started_at) VALUES (?, ?, '', 'm', '1', '')",
      run,
      `r${run}`,
    );
  const start = 'a'.repeat(16);
  const rows: readonly [number, number, string | null][] = [
    [1, 0, `${start}-one`],
    [1, 1, 'b'],
    [1, 2, `${start}-one`],
    [1, 3, null],
    [1, 4, null],
    [1, 5, `${start}-two`],
    [1, 6, `${start}-one`],
    [2, 0, `${start}-one`],
  ];
  for (const [run, seq, key] of rows)
    db.run(
      "INSERT INTO run_items (run, seq, path, name, key, label, cached, search) VALUES (?, ?, ?, 'x', ?, ?, 0, ?)",
      run,
      seq,
      `${seq}`,
      key,
      seq === 2 ? 'Füchsin' : null,
      seq === 2 ? 'x\nfüchsin\nred fox' : 'x',
    );
  for (const label of ['Füchsin', 'Red Fox', 'Lynx'])
    db.run('INSERT INTO run_labels VALUES (1, ?, 4)', label);
  migrate(db);
  expect(db.all('SELECT seq, duplicate_of AS first FROM run_items WHERE duplicate_of IS NOT NULL')).toEqual([
    { seq: 2, first: 0 },
    { seq: 6, first: 0 },
  ]);
  expect(db.all('SELECT name, duplicates, empty_duplicates AS empty FROM runs ORDER BY id')).toEqual([
    { name: 'r1', duplicates: 2, empty: 1 },
    { name: 'r2', duplicates: 0, empty: 0 },
  ]);
  expect(db.all('SELECT label, count, duplicates FROM run_labels ORDER BY label')).toEqual([
    { label: 'Füchsin', count: 4, duplicates: 1 },
    { label: 'Lynx', count: 4, duplicates: 0 },
    { label: 'Red Fox', count: 4, duplicates: 1 },
  ]);
  opened.close();
});
