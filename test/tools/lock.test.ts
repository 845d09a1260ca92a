import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { withLock } from '../../tools/setup/lock.mjs';
import { newFolder } from '../temp/folder.ts';

const folder = newFolder('lock');
const silent = (): void => {};

it('lets two set-ups take turns', async () => {
  const lock = path.join(folder, 'turns');
  const seen: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    seen.push(`${name} begins`);
    await sleep(150);
    seen.push(`${name} ends`);
  };
  const reported: string[] = [];
  const notify = (line: string): void => {
    reported.push(line);
  };
  await Promise.all([withLock(lock, notify, work('one')), withLock(lock, notify, work('two'))]);
  expect(seen).toEqual(['one begins', 'one ends', 'two begins', 'two ends']);
  expect(reported.join()).toContain('waiting for another set-up');
  expect(existsSync(lock)).toBe(false);
});

it('takes over the lock of a set-up that is gone', async () => {
  const lock = path.join(folder, 'stale');
  const absent = spawnSync(process.execPath, ['-e', '0']).pid;
  mkdirSync(lock);
  writeFileSync(path.join(lock, 'pid'), String(absent));
  expect(await withLock(lock, silent, async () => 'mine')).toBe('mine');
});

it('takes over a lock that never got its number', async () => {
  const lock = path.join(folder, 'empty');
  mkdirSync(lock);
  expect(await withLock(lock, silent, async () => 'mine')).toBe('mine');
});

it('is given back when the work fails', async () => {
  const lock = path.join(folder, 'failing');
  const failing = withLock(lock, silent, async () => {
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
});
