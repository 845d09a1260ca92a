import { mkdirSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { noBarriers } from './barriers.ts';
import { value } from './bridge.ts';
import { writeStore } from './launch.ts';
import { expect, test } from './program.ts';

test('while the store takes long to open, the window says so; then it is as always', async ({
  open,
  folder,
}) => {
  const data = path.join(folder, 'data');
  mkdirSync(data);
  await writeStore(data);
  // As a migration by another process would: the program waits for it.
  const other = new Sqlite(path.join(data, 'outpost.db'));
  other.pragma('locking_mode = EXCLUSIVE');
  other.exec('BEGIN EXCLUSIVE');
  const { page, complaints } = await open({ data });
  const opening = page.getByRole('status').filter({ hasText: 'Opening what is stored.' });
  await expect(opening).toBeVisible();
  await noBarriers(page, 'while the store opens');
  other.exec('COMMIT');
  other.close();
  await expect(opening).toBeHidden();
  expect(await value(page, 'app.store')).toMatchObject({ kind: 'ready' });
  expect(complaints).toEqual([]);
});
