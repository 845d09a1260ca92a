import Sqlite from 'better-sqlite3';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { openTestStore } from '../fixtures/open-store.ts';
import { linesOf, startStoreProcess } from '../fixtures/store-process.ts';
import { seedAnswer, seedKey } from '../fixtures/seed-store.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
beforeEach(() => {
  folder = newFolder();
});

it('two processes that make the store at once and write at once lose nothing', async () => {
  const plans = [0, 3_000].map((from) => startStoreProcess({ folder, from, count: 3_000, paceMs: 0 }));
  const ends = await Promise.all((await Promise.all(plans)).map(linesOf));
  for (const lines of ends) expect(lines.at(-1)).toBe('closed ready');
  const store = await openTestStore(folder);
  expect((await store.cacheStats()).answers).toBe(6_000);
  expect((await store.verifyCache()).integrity).toBe('ok');
  await store.close();
});

it('a kill in mid-writing costs at most what is younger than 50 ms, and the store opens', async () => {
  for (const waitMs of [300, 420, 555]) {
    const child = await startStoreProcess({ folder, from: 0, count: 100_000, paceMs: 1 });
    const ending = linesOf(child);
    await new Promise<void>((resolve) => child.stdout?.once('data', () => resolve()));
    await new Promise((resolve) => setTimeout(resolve, waitMs));
    const killedAt = Date.now();
    child.kill('SIGKILL');
    const put = (await ending).map((line) => line.split(' ').map(Number) as [number, number]);
    const db = new Sqlite(path.join(folder, 'outpost.db'), { readonly: true });
    const missing = put.filter(
      ([n]) => !db.prepare('SELECT 1 FROM answers WHERE key = ?').get(seedKey(seedAnswer(n))),
    );
    db.close();
    expect(put.length).toBeGreaterThan(20);
    // 50 ms for the group; the rest is what this busy machine may take to commit it.
    for (const [, at] of missing) expect(at).toBeGreaterThan(killedAt - 50 - 100);
    const store = await openTestStore(folder);
    expect(store.state().kind).toBe('ready');
    await store.purge({ all: true });
    await store.close();
  }
});
