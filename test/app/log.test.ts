import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openLog, withoutPaths } from '../../main/app/log.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
beforeEach(async () => {
  folder = newFolder('log');
});

describe('the log', () => {
  it.each([
    [
      "ENOENT: no such file or directory, open '/home/ann/My Photos/x y.jpg'",
      'ENOENT: no such file or directory, open <path>',
    ],
    ['could not read /home/ann/cat.jpg today', 'could not read <path> today'],
    ['could not read /home/ann/My Photos/cat 1.jpg', 'could not read <path>'],
    ['read C:\\Users\\Ann\\cat.jpg', 'read <path>'],
    ['read \\\\server\\share\\cat.jpg', 'read <path>'],
    ['open "~/cat.jpg"', 'open <path>'],
    ['see file:///home/ann/cat.jpg', 'see <path>'],
    ['    at foo (file:///opt/outpost/out/main/index.js:10:2)', '    at foo (./out/main/index.js:10:2)'],
    ['    at node:internal/timers:5:1', '    at node:internal/timers:5:1'],
    ['12 items/s, 3/4 done', '12 items/s, 3/4 done'],
  ])('leaves a person’s paths out: %s', (text, expected) => {
    expect(withoutPaths(text, '/opt/outpost')).toBe(expected);
  });

  it('keeps lines in order, for the owner alone', async () => {
    const log = openLog({ folder: join(folder, 'logs'), programFolder: '/opt/outpost' });
    for (let at = 0; at < 50; at += 1) log.write('info', `line ${at}`);
    await log.flush();
    const lines = (await readFile(join(folder, 'logs', 'outpost.log'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => line.split(' ').slice(1).join(' '))).toEqual(
      Array.from({ length: 50 }, (_, at) => `info line ${at}`),
    );
    if (process.platform !== 'win32')
      expect((await stat(join(folder, 'logs', 'outpost.log'))).mode & 0o777).toBe(0o600);
  });

  it('never takes more than two files of its size', async () => {
    const log = openLog({ folder, programFolder: '/opt/outpost', maxBytes: 2000 });
    for (let at = 0; at < 200; at += 1) log.write('warn', 'x'.repeat(100));
    await log.flush();
    expect((await readdir(folder)).sort()).toEqual(['outpost.1.log', 'outpost.log']);
    for (const name of await readdir(folder))
      expect((await stat(join(folder, name))).size).toBeLessThanOrEqual(2000);
  });

  it('does not disturb when it cannot be written', async () => {
    const log = openLog({
      folder: join(folder, 'outpost.log', 'below-a-file'),
      programFolder: '/opt/outpost',
    });
    openLog({ folder, programFolder: '/opt/outpost' }).write('info', 'takes the name');
    log.write('error', 'goes nowhere');
    await expect(log.flush()).resolves.toBeUndefined();
  });
});
