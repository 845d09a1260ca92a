import { expect, test } from 'vitest';
import { readPlainFile } from '../../main/packs/plain-file.ts';
import { newFolder } from '../temp/folder.ts';

test('an error of Node itself, which has no number of the system, is told by its message', async () => {
  const read = await readPlainFile(newFolder(), 'a\u0000b', 10);
  expect(read).toMatchObject({ ok: false, why: { kind: 'unreadable' } });
  expect(JSON.stringify(read)).toContain('null bytes');
});
