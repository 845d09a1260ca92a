import { mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeFolders, makeFoldersSync } from '../../main/lib/make-folders.ts';
import { newFolder } from '../temp/folder.ts';

const ways = [
  ['awaited', makeFolders],
  // What it throws is a rejection here.
  ['at once', async (...all: Parameters<typeof makeFolders>) => void makeFoldersSync(...all)],
] as const;

describe.each(ways)('folders that are made, %s', (_, make) => {
  test('and those above them; what is there stays', async () => {
    const folder = newFolder();
    await make(path.join(folder, 'a', 'b', 'c'), { mode: 0o700 });
    if (process.platform !== 'win32')
      for (const made of ['a', 'a/b', 'a/b/c'])
        expect(statSync(path.join(folder, made)).mode & 0o777, made).toBe(0o700);
    writeFileSync(path.join(folder, 'a', 'b', 'c', 'd.txt'), '');
    await make(path.join(folder, 'a', 'b', 'c'));
    expect(readdirSync(path.join(folder, 'a', 'b', 'c'))).toEqual(['d.txt']);
    mkdirSync(path.join(folder, 'real'));
    symlinkSync(path.join(folder, 'real'), path.join(folder, 'link'), 'junction');
    await make(path.join(folder, 'link', 'e'));
    expect(readdirSync(path.join(folder, 'real'))).toEqual(['e']);
  });

  test('where a file is in the way the error says so', async () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, 'file'), '');
    await expect(make(path.join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(make(path.join(folder, 'file', 'a', 'b'))).rejects.toThrow(/ENOTDIR|ENOENT/u);
  });

  // Node's own never comes back there.
  test.skipIf(process.platform !== 'linux')('nothing is made below /proc', async () => {
    await expect(make('/proc/outpost')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(make('/proc/outpost/a/b')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

test('what is made at once says whether it was', () => {
  const folder = path.join(newFolder(), 'a', 'b');
  expect([makeFoldersSync(folder), makeFoldersSync(folder)]).toEqual([true, false]);
});

test('no program code makes folders by a call that may never come back', () => {
  const root = path.join(import.meta.dirname, '..', '..', 'main');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  expect(files.length).toBeGreaterThan(500);
  const recursive = /\bmkdir(?:Sync)?\([^;]*recursive/u;
  expect(files.filter((name) => recursive.test(readFileSync(path.join(root, name), 'utf8')))).toEqual([]);
});
