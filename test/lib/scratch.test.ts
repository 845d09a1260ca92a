import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { openScratch, openSocketFolder } from '../../main/lib/scratch.ts';
import { startContender } from '../fixtures/lock-process.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
beforeEach(() => {
  folder = newFolder('scratch');
});

it('is this user’s alone, and gone when it is closed', async () => {
  const scratch = await openScratch('test', folder);
  expect(statSync(scratch.path).mode & 0o777).toBe(0o700);
  writeFileSync(path.join(scratch.path, 'a'), '');
  await scratch.close();
  expect(readdirSync(folder)).toEqual([]);
});

it('what a killed process left goes with the next, and what lives or is another’s stays', async () => {
  const left = path.join(folder, 'outpost-left');
  mkdirSync(left);
  const holder = await startContender({ kind: 'hold', file: path.join(left, '.in-use') });
  await once(holder.stdout!, 'data');
  writeFileSync(path.join(left, '1-1.sock'), '');
  const foreign = path.join(folder, 'outpost-of-somebody');
  mkdirSync(foreign);
  writeFileSync(path.join(foreign, 'precious'), '');
  utimesSync(foreign, new Date(0), new Date(0));
  // Empty for long: where somebody is going to write results, and what a kill during creation left.
  const waiting = path.join(folder, 'outpost-results');
  const begun = path.join(folder, `outpost-${process.pid}-test-a1B2c3`);
  for (const empty of [waiting, begun]) {
    mkdirSync(empty);
    utimesSync(empty, new Date(0), new Date(0));
  }
  const first = await openScratch('test', folder);
  expect(existsSync(left)).toBe(true);
  holder.kill('SIGKILL');
  await once(holder, 'exit');
  const second = await openScratch('test', folder);
  expect(readdirSync(folder).sort()).toEqual(
    [foreign, waiting, first.path, second.path].map((each) => path.basename(each)).sort(),
  );
});

it.runIf(process.platform !== 'win32')(
  'sockets have a place though the temporary folder has a long name',
  async () => {
    const long = path.join(
      folder,
      'pbs.6020182.polaris-pbs-01.hsn.cm.polaris.example.org',
      '3faf840a-5bc3-49e5-8d4f',
    );
    mkdirSync(long, { recursive: true });
    const scratch = await openSocketFolder('test', long);
    expect(statSync(scratch.path).mode & 0o777).toBe(0o700);
    const socket = path.join(scratch.path, `${process.pid}-1234.sock`);
    const server = createServer().listen(socket);
    await once(server, 'listening');
    expect(existsSync(socket)).toBe(true);
    server.close();
    await scratch.close();
  },
);

it('says what is wrong with a folder that is not there', async () => {
  await expect(openSocketFolder('test', path.join(folder, 'none'))).rejects.toThrow(/ENOENT.*none/u);
});
