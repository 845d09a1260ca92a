import path from 'node:path';
import { expect, test } from 'vitest';
import { openWritable } from '../../main/store/database.ts';
import { migrate } from '../../main/store/migrations/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { startRun } from '../fixtures/start-run.ts';
import { newFolder } from '../temp/folder.ts';

test('0023 printed items: of runs that were there nothing is known', () => {
  const { handle: db, close } = openWritable(path.join(newFolder(), 'outpost.db'));
  migrate(db, 22);
  db.run("INSERT INTO runs (name, title, model, version, started_at) VALUES ('r1', 'Old', 'm', '1', '')");
  migrate(db, 23);
  expect(db.all('SELECT name, printed_items, printed_changes FROM runs')).toEqual([
    { name: 'r1', printed_items: null, printed_changes: null },
  ]);
  close();
});

test('how far a run was printed is known to the next program', async () => {
  const folder = newFolder();
  const store = await openTestStore(folder);
  await startRun(store);
  expect([await store.printedUpTo('r1'), await store.printedUpTo('none')]).toEqual([null, null]);
  await store.setPrintedUpTo('r1', { next: 7, change: 2 });
  await store.close();
  const again = await openTestStore(folder);
  expect(await again.printedUpTo('r1')).toEqual({ next: 7, change: 2 });
  await again.close();
});
