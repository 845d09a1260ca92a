import Sqlite from 'better-sqlite3';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { recordRow } from '../../main/store/index.ts';
import type { Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { seedAnswer, seedKey, seedStore } from '../fixtures/seed-store.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
let store: Store;
beforeEach(async () => {
  folder = newFolder();
  await (await openTestStore(folder)).close();
});
afterEach(async () => {
  await store.close();
});

const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
async function timed(work: (n: number) => Promise<unknown>, times = 50): Promise<number> {
  const taken: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const begun = performance.now();
    await work(n);
    taken.push(performance.now() - begun);
  }
  return median(taken);
}

describe('the cap', () => {
  it('takes the least recently used away and nothing that was kept or used since', async () => {
    const count = 20_000;
    seedStore(folder, count);
    store = await openTestStore(folder);
    const cap = 16 * 1024 ** 2;
    expect((await store.cacheStats()).sizeBytes).toBeGreaterThan(cap * 1.5);
    await store.keepRecord(seedKey(seedAnswer(3)), true);
    // A hit makes an old answer young.
    expect(await store.record(seedKey(seedAnswer(5)))).not.toBeNull();
    await store.flush();
    await store.setSettings({ cacheCapBytes: cap });
    await expect
      .poll(async () => (await store.cacheStats()).sizeBytes, { timeout: 20_000 })
      .toBeLessThanOrEqual(cap * 0.95);
    const stats = await store.cacheStats();
    expect(stats.sizeBytes).toBeGreaterThan(cap * 0.9);
    expect(stats.inputs).toBe(stats.answers);
    for (const n of [3, 5, count - 1]) expect(await store.record(seedKey(seedAnswer(n)))).not.toBeNull();
    for (const n of [0, 4, 6]) expect(await store.record(seedKey(seedAnswer(n)))).toBeNull();
    const db = new Sqlite(path.join(folder, 'outpost.db'), { readonly: true });
    const counted = db
      .prepare('SELECT count(*) AS answers, sum(kept) AS kept, sum(size_bytes) AS bytes FROM answers')
      .get();
    db.close();
    expect(counted).toEqual({ answers: stats.answers, kept: 1, bytes: stats.sizeBytes });
  });

  it('leaves everything when everything is kept', async () => {
    seedStore(folder, 15_000);
    const db = new Sqlite(path.join(folder, 'outpost.db'));
    db.exec('UPDATE answers SET kept = 1');
    db.close();
    store = await openTestStore(folder);
    await store.setSettings({ cacheCapBytes: 16 * 1024 ** 2 });
    store.putRecord('sha256:new', recordRow(seedAnswer(1)), null);
    await store.flush();
    expect(await store.cacheStats()).toMatchObject({ kept: 15_000 });
  });
});

const many = inLong(60_000, 20_000);

describe(`with ${many} answers`, () => {
  it('looks up as fast as it is asked anything and turns pages within 50 ms', async () => {
    seedStore(folder, many);
    const apart = Math.floor(many / 200);
    store = await openTestStore(folder);
    const { packDigest: pack, variant, provider, settings } = seedAnswer(0);
    const lookupMs = await timed(async (n) => {
      const { sizeBytes } = seedAnswer(n * apart);
      const file = {
        path: `/seed/${n * apart}.jpg`,
        size: sizeBytes,
        mtimeNs: BigInt(n * apart),
        inode: BigInt(n * apart),
      };
      expect((await store.lookup(file, { pack, variant, provider, settings })).record).toEqual(
        seedAnswer(n * apart),
      );
    }, 200);
    // What the way to the thread of the store and back takes, as long as this machine is as busy as it is.
    const bareMs = await timed(async () => expect(await store.shapes('no device')).toEqual([]), 200);
    expect(lookupMs).toBeLessThan(Math.max(2, 5 * bareMs));
    let before: { at: string; key: string } | undefined;
    const pageMs = await timed(async () => {
      const page = await store.history({ limit: 100, before });
      expect(page).toHaveLength(100);
      before = page.at(-1);
    });
    const labelMs = await timed(async (n) =>
      expect(await store.history({ limit: 50, label: `label ${n}` })).toHaveLength(50),
    );
    expect(Math.max(pageMs, labelMs)).toBeLessThan(50);
    process.stdout.write(
      `lookup ${lookupMs.toFixed(2)} ms, page ${pageMs.toFixed(2)} ms, label ${labelMs.toFixed(2)} ms\n`,
    );
  }, 120_000);
});
