import { expect, test, vi } from 'vitest';
import { maintain } from '../../main/store/maintenance.ts';
import { openStoreFile } from '../../main/store/open-store-file.ts';
import { newFolder } from '../temp/folder.ts';

const dayMs = 86_400_000;

test('runs that grow too old go while the store is open, not only when it is opened the next time', async () => {
  const { db, ...store } = openStoreFile({ folder: newFolder(), appVersion: '0.1.0' });
  const seed = (name: string, endedAt: Date): void =>
    void db.run(
      `INSERT INTO runs (name, title, model, version, started_at, ended_at, state, items, faults, found, scanned)
       VALUES (?, 'season', 'm', '1.0.0', ?, ?, 'done', 0, 0, 0, 1)`,
      name,
      endedAt.toISOString(),
      endedAt.toISOString(),
    );
  const names = (): readonly string[] =>
    db.all<{ name: string }>('SELECT name FROM runs ORDER BY name').map(({ name }) => name);
  seed('rold', new Date(Date.now() - 31 * dayMs));
  // It is 30 days old in a moment.
  seed('rsoon', new Date(Date.now() - 30 * dayMs + 1_500));
  seed('ryoung', new Date(Date.now() - 29 * dayMs));
  db.run("INSERT INTO settings VALUES ('keepRunsDays', '30')");
  const attempt = (work: () => boolean): boolean => work();
  const maintenance = maintain({ db: () => db, attempt, purgeEveryMs: 50 });
  maintenance.purgeRuns();
  await vi.waitFor(() => expect(names()).toEqual(['rsoon', 'ryoung']), { interval: 5 });
  await vi.waitFor(() => expect(names()).toEqual(['ryoung']), { timeout: 15_000 });
  maintenance.stop();
  seed('rold', new Date(Date.now() - 31 * dayMs));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(names()).toContain('rold');
  store.close();
});
