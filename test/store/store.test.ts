import Sqlite from 'better-sqlite3';
import { statSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSettings } from '../../contract/settings.ts';
import { recordRow } from '../../main/store/index.ts';
import type { FileIdentity, Store } from '../../main/store/index.ts';
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

const file: FileIdentity = {
  path: '/photos/ä.jpg',
  size: 100_001,
  mtimeNs: 1_763_800_000_123_456_789n,
  inode: 2n ** 64n - 3n,
};
const rows = (sql: string): unknown[] => {
  const db = new Sqlite(path.join(folder, 'outpost.db'), { readonly: true });
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
};

describe('answers', () => {
  it('are found again for the unchanged file in one hop, and not after any change of it', async () => {
    const answer = seedAnswer(1);
    const { packDigest: pack, variant, provider, settings } = answer;
    const parts = { pack, variant, provider, settings };
    expect(await store.lookup(file, parts)).toEqual({
      digest: null,
      sizeKnown: false,
      key: null,
      record: null,
    });
    store.putRecord(seedKey(answer), recordRow(answer), file);
    expect(await store.lookup(file, parts)).toEqual({
      digest: answer.digest,
      sizeKnown: true,
      key: seedKey(answer),
      record: answer,
    });
    for (const changed of [{ size: 1 }, { mtimeNs: file.mtimeNs + 1n }, { inode: 7n }, { path: '/b.jpg' }]) {
      expect((await store.lookup({ ...file, ...changed }, parts)).digest).toBeNull();
    }
    expect((await store.lookup(file, { ...parts, settings: 'other' })).record).toBeNull();
    expect(await store.knowsSize(answer.sizeBytes)).toBe(true);
    expect(await store.knowsSize(3)).toBe(false);
  });

  it('reach the disk by themselves, and at once with flush', async () => {
    store.putRecord('sha256:1', recordRow(seedAnswer(1)), null);
    await store.flush();
    expect(rows('SELECT key FROM answers')).toHaveLength(1);
    store.putRecord('sha256:2', recordRow(seedAnswer(2)), null);
    await expect.poll(() => rows('SELECT key FROM answers').length, { interval: 5 }).toBe(2);
  });

  it('are gathered: others see none or all of what was put in one turn', async () => {
    // A machine that is busy for longer than a group waits may come between two of them.
    const attempts: (readonly number[])[] = [];
    while (attempts.length < 3 && attempts.at(-1)?.length !== 1) {
      const before = attempts.length * 500;
      for (let n = 0; n < 500; n += 1)
        store.putRecord(`sha256:${before + n}`, recordRow(seedAnswer(before + n)), null);
      const seen = new Set<number>();
      await expect
        .poll(
          () => {
            const count = rows('SELECT key FROM answers').length - before;
            if (count !== 0) seen.add(count);
            return count;
          },
          { interval: 1 },
        )
        .toBe(500);
      attempts.push([...seen]);
    }
    expect(attempts.at(-1)).toEqual([500]);
    expect((await store.cacheStats()).answers).toBe(attempts.length * 500);
  });

  it('are remembered by digest of the file alone', async () => {
    store.rememberFile(file, 'sha256:abc');
    expect(await store.digestOf(file)).toBe('sha256:abc');
    store.rememberFile({ ...file, size: 5 }, 'sha256:def');
    expect(await store.digestOf(file)).toBeNull();
  });

  it('stay kept when they are answered anew', async () => {
    store.putRecord('sha256:1', recordRow(seedAnswer(1)), null);
    await store.keepRecord('sha256:1', true);
    store.putRecord('sha256:1', recordRow({ ...seedAnswer(1), durationMs: 5 }), null);
    expect((await store.record('sha256:1'))?.durationMs).toBe(5);
    expect(await store.cacheStats()).toMatchObject({
      answers: 1,
      kept: 1,
      inputs: 1,
      oldestAt: seedAnswer(1).at,
    });
  });
});

describe('history and purge', () => {
  beforeEach(async () => {
    for (let n = 0; n < 300; n += 1)
      store.putRecord(seedKey(seedAnswer(n)), recordRow(seedAnswer(n)), { ...file, path: `/p/${n}` });
    await store.keepRecord(seedKey(seedAnswer(10)), true);
  });

  it('pages newest first, by label and by model', async () => {
    const first = await store.history({ limit: 100 });
    expect(first.map((row) => row.at)).toEqual(Array.from({ length: 100 }, (_, n) => seedAnswer(299 - n).at));
    const second = await store.history({ limit: 100, before: first.at(-1) });
    expect(second[0]?.at).toBe(seedAnswer(199).at);
    expect(await store.history({ limit: 100, label: 'label 7' })).toHaveLength(3);
    expect(await store.history({ limit: 200, model: 'second-model' })).toHaveLength(100);
  });

  it('never purges what is kept', async () => {
    expect(await store.purge({})).toEqual({ removed: 0 });
    expect(await store.purge({ model: 'second-model' })).toEqual({ removed: 100 });
    expect(await store.purge({ olderThanMs: Date.now() - Date.parse(seedAnswer(150).at) })).toEqual({
      removed: 99,
    });
    expect(await store.purge({ all: true })).toEqual({ removed: 100 });
    expect(await store.cacheStats()).toMatchObject({ answers: 1, kept: 1, inputs: 1 });
    expect(rows('SELECT * FROM files')).toHaveLength(1);
  });

  it('verifies, and names what was changed behind its back', async () => {
    expect(await store.verifyCache()).toEqual({ checked: 300, damaged: [], integrity: 'ok' });
    const db = new Sqlite(path.join(folder, 'outpost.db'));
    db.prepare("UPDATE answers SET record = '{' WHERE key = ?").run(seedKey(seedAnswer(3)));
    db.prepare("UPDATE answers SET variant = 'int8' WHERE key = ?").run(seedKey(seedAnswer(4)));
    db.close();
    const report = await store.verifyCache();
    expect(new Set(report.damaged.map((row) => row.key))).toEqual(
      new Set([seedKey(seedAnswer(3)), seedKey(seedAnswer(4))]),
    );
  });
});

describe('settings and devices', () => {
  it('begin with the defaults, survive, and fall back one by one', async () => {
    expect(await store.settings()).toEqual(defaultSettings);
    expect(await store.setSettings({ theme: 'dark', workers: 3 })).toMatchObject({
      theme: 'dark',
      workers: 3,
      threads: 'auto',
    });
    await store.close();
    const db = new Sqlite(path.join(folder, 'outpost.db'));
    db.exec(
      `UPDATE settings SET value = '"purple"' WHERE key = 'theme'; INSERT INTO settings VALUES ('language', 'not json')`,
    );
    db.close();
    store = await openTestStore(folder);
    expect(await store.settings()).toEqual({ ...defaultSettings, workers: 3 });
  });

  it('keeps what was measured for each device apart', async () => {
    const report = {
      provider: 'cpu',
      model: 'm',
      at: 'now',
      verdict: { kind: 'floor', reason: 'always', ms: 3 },
    } as const;
    const shape = {
      model: 'm',
      at: 'now',
      latency: { workers: 1, threads: 2, rate: 40 },
      throughput: { workers: 2, threads: 1, rate: 50 },
    };
    const golden = {
      model: 'm',
      variant: 'fp32',
      provider: 'cpu',
      at: 'now',
      passed: 0,
      total: 0,
      cases: [],
    };
    store.saveProvider('here', report);
    store.saveShape('here', shape);
    store.saveGolden('here', 'sha256:p', golden);
    expect(await store.providers('here')).toEqual([report]);
    expect(await store.shapes('here')).toEqual([shape]);
    expect(await store.golden('here', 'sha256:p')).toEqual(golden);
    expect([
      await store.providers('there'),
      await store.shapes('there'),
      await store.golden('there', 'sha256:p'),
    ]).toEqual([[], [], null]);
    await store.forgetProviders('here', 'm');
    expect(await store.providers('here')).toEqual([]);
  });
});

it('lets nobody else in: 0700 and 0600', async () => {
  const inner = path.join(folder, 'a', 'b');
  const other = await openTestStore(inner);
  other.putRecord('sha256:1', recordRow(seedAnswer(1)), null);
  await other.flush();
  expect(statSync(inner).mode & 0o777).toBe(0o700);
  for (const tail of ['', '-wal', '-shm'])
    expect(statSync(path.join(inner, `outpost.db${tail}`)).mode & 0o777).toBe(0o600);
  await other.close();
});
