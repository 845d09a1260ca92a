import { execFileSync } from 'node:child_process';
import { lstatSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { expect, it } from 'vitest';
import { irregularKind, kindOfFile } from '../../main/lib/regular-file.ts';
import { newFolder } from '../temp/folder.ts';

const folder = newFolder('kind');
const at = (name: string): string => path.join(folder, name);

it.skipIf(process.platform === 'win32')('every kind of entry has its word', async () => {
  writeFileSync(at('file'), '');
  symlinkSync('file', at('link'));
  execFileSync('mkfifo', [at('fifo')]);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(at('socket'), resolve));
  const kinds = ['file', 'link', 'fifo', 'socket'].map((name) => kindOfFile(lstatSync(at(name))));
  const others = ['file', 'link', 'fifo', 'socket', 'missing'].map((name) => irregularKind(at(name)));
  await new Promise((resolve) => server.close(resolve));
  expect(kinds).toEqual(['file', 'link', 'fifo', 'socket']);
  expect(others).toEqual([null, null, 'fifo', 'socket', null]);
  expect(kindOfFile(statSync(folder, { bigint: true }))).toBe('folder');
  expect(irregularKind(folder)).toBe('folder');
  expect(irregularKind('/dev/null')).toBe('device');
});
