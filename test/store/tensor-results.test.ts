import Sqlite from 'better-sqlite3';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { gather } from '../../main/store/thread/gathered.ts';
import { recordRow, resultKey } from '../../main/store/index.ts';
import { queries } from '../../main/store/queries.ts';
import type { Store, TensorResultEntry } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { seedAnswer, seedKey } from '../fixtures/seed-store.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = newFolder();
  store = await openTestStore(folder);
});
afterEach(async () => {
  await store.close();
});

const entry = (n: number, more: Partial<TensorResultEntry> = {}): TensorResultEntry => ({
  input: `sha256:${n}`,
  pack: 'sha256:pack',
  variant: 'fp32',
  provider: 'cpu',
  settings: 'tensors',
  model: 'one',
  version: '1.0.0',
  at: new Date().toISOString(),
  outputs: Uint8Array.of(n, 0, 255),
  ...more,
});
function put(one: TensorResultEntry): string {
  const { input, pack, variant, provider, settings } = one;
  const key = resultKey({ input, pack, variant, provider, settings });
  store.putTensorResult(key, one);
  return key;
}
function inFile<T>(work: (db: Sqlite.Database) => T): T {
  const db = new Sqlite(path.join(folder, 'outpost.db'));
  try {
    return work(db);
  } finally {
    db.close();
  }
}

it('gives back what was put, at once and over a restart; a newer answer takes the place of an older', async () => {
  const key = put(entry(1));
  expect(await store.tensorResult(key)).toEqual(Uint8Array.of(1, 0, 255));
  expect(await store.tensorResult('sha256:other')).toBeNull();
  put(entry(1, { outputs: new Uint8Array(2_000) }));
  expect(await store.cacheStats()).toMatchObject({ answers: 1, sizeBytes: 2_800 });
  await store.close();
  store = await openTestStore(folder);
  expect(await store.tensorResult(key)).toEqual(new Uint8Array(2_000));
});

it('counts with the answers of photos', async () => {
  store.putRecord(seedKey(seedAnswer(1)), recordRow(seedAnswer(1)), null);
  put(entry(1, { at: '2020-01-01T00:00:00.000Z' }));
  put(entry(2, { model: 'other' }));
  const stats = await store.cacheStats();
  expect(stats).toMatchObject({ answers: 3, kept: 0, oldestAt: '2020-01-01T00:00:00.000Z' });
  expect(stats.models).toContainEqual({ model: 'other', version: '1.0.0', answers: 1 });
});

it('is purged by model, by version, by age, and with all', async () => {
  const old = put(entry(1, { at: '2020-01-01T00:00:00.000Z' }));
  const other = put(entry(2, { model: 'other' }));
  const version = put(entry(3, { version: '2.0.0', pack: 'sha256:two' }));
  const left = put(entry(4));
  const there = async (): Promise<boolean[]> =>
    Promise.all([old, other, version, left].map(async (key) => (await store.tensorResult(key)) !== null));
  expect(await store.purge({ model: 'other' })).toEqual({ removed: 1 });
  expect(await there()).toEqual([true, false, true, true]);
  expect(await store.purge({ model: 'one@2.0.0' })).toEqual({ removed: 1 });
  expect(await there()).toEqual([true, false, false, true]);
  expect(await store.purge({ olderThanMs: 86_400_000 })).toEqual({ removed: 1 });
  expect(await there()).toEqual([false, false, false, true]);
  expect(await store.purge({})).toEqual({ removed: 0 });
  store.putRecord(seedKey(seedAnswer(1)), recordRow(seedAnswer(1)), null);
  expect(await store.purge({ all: true })).toEqual({ removed: 2 });
  expect(await store.cacheStats()).toMatchObject({ answers: 0, sizeBytes: 0, models: [] });
});

it('is bound by the cap: the least recently used goes, of photos and tensors alike', async () => {
  const cap = 16 * 1024 ** 2;
  await store.setSettings({ cacheCapBytes: cap });
  const photo = seedKey(seedAnswer(1));
  store.putRecord(photo, recordRow(seedAnswer(1)), null);
  const outputs = new Uint8Array(900_000);
  const keys = Array.from({ length: 14 }, (_, n) => put(entry(n, { outputs })));
  await store.flush();
  // As if an hour had passed: the hits below are noted, the others are not.
  inFile((db) =>
    db.exec(
      'UPDATE tensor_answers SET used_at = used_at - 3600000 + id; UPDATE answers SET used_at = used_at - 7200000',
    ),
  );
  expect(await store.tensorResult(keys[0] ?? '')).not.toBeNull();
  await store.flush();
  for (let n = 14; n < 24; n += 1) put(entry(n, { outputs }));
  await store.flush();
  await expect.poll(async () => (await store.cacheStats()).sizeBytes, { timeout: 5_000 }).toBeLessThan(cap);
  expect((await store.cacheStats()).sizeBytes).toBeGreaterThan(cap * 0.85);
  expect(await store.tensorResult(keys[0] ?? '')).not.toBeNull();
  expect(await store.tensorResult(keys[1] ?? '')).toBeNull();
  expect(await store.record(photo)).toBeNull();
});

it('a check finds an answer whose bytes or key were changed', async () => {
  const [one, two] = [put(entry(1)), put(entry(2))];
  put(entry(3));
  expect(await store.verifyCache()).toMatchObject({ checked: 3, damaged: [] });
  inFile((db) => {
    db.prepare("UPDATE tensor_answers SET outputs = x'010000' WHERE key = ?").run(one);
    db.prepare("UPDATE tensor_answers SET variant = 'int8' WHERE key = ?").run(two);
  });
  const report = await store.verifyCache();
  expect(report.damaged).toEqual([
    { key: one, reason: 'its outputs are not the ones that were stored' },
    { key: two, reason: 'its key does not belong to what it was asked with' },
  ]);
});

it('while the disk takes nothing, outputs do not pile up in memory', () => {
  const gathered = gather(queries);
  const write = (n: number) =>
    ({
      name: 'putTensorResult',
      input: [`k${n}`, entry(n, { outputs: new Uint8Array(2 ** 20) })],
    }) as const;
  for (let n = 0; n < 100; n += 1) gathered.add(write(n));
  gathered.add({ name: 'putRecord', input: ['photo', recordRow(seedAnswer(1)), null] });
  expect(gathered.size).toBe(65);
  const group = gathered.take();
  gathered.giveBack(group);
  expect(gathered.take().changes.map(({ name }) => name)).toEqual(['putRecord']);
  gathered.add(write(1));
  expect(gathered.size).toBe(1);
});
