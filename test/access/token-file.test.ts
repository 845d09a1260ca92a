import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { tokenFile } from '../../main/access/index.ts';
import { newFolder } from '../temp/folder.ts';

let folder: string;
beforeEach(() => (folder = newFolder('tokens')));

const write = (text: string, mode = 0o600): string => {
  const file = path.join(folder, 'tokens');
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
};
const reasonOf = async (file: string): Promise<string> => {
  const read = await tokenFile(file);
  return read.ok ? 'it was taken' : read.fault.message;
};

it('takes names and plain tokens, and leaves out empty lines and remarks', async () => {
  const read = await tokenFile(
    write('# lab\n\nlab:0123456789abcdef\r\nABCDEFGHIJKLMNOP\n field : with.dots-and_more~ok== \n'),
  );
  if (!read.ok) throw new Error(read.fault.message);
  const { find } = read.value;
  expect(find('0123456789abcdef')).toEqual({ program: 'lab', models: null, isControl: false });
  const control = await tokenFile(write('0123456789abcdef'), { isControl: true });
  expect(control.ok && control.value.find('0123456789abcdef')?.isControl).toBe(true);
  expect(find('ABCDEFGHIJKLMNOP')?.program).toBe('token 4');
  expect(find('with.dots-and_more~ok==')?.program).toBe('field');
  expect([find('lab:0123456789abcdef'), find('# lab'), find('')]).toEqual([null, null, null]);
});

it('refuses what everybody may read or change, and says what to do', async () => {
  expect(await reasonOf(write('0123456789abcdef', 0o644))).toContain('chmod 600');
  expect(await reasonOf(write('0123456789abcdef', 0o602))).toContain('chmod 600');
  expect(await reasonOf(write('0123456789abcdef', 0o640))).toBe('it was taken');
});

it('names the line that is wrong, never its text', async () => {
  const short = await reasonOf(write('lab:0123456789abcdef\nsecret\n'));
  expect(short).toContain('line 2');
  expect(short).not.toContain('secret');
  expect(await reasonOf(write('lab:0123456789 abcdef'))).toContain('line 1');
  expect(await reasonOf(write('a:0123456789abcdef\nb:0123456789abcdef'))).toContain('line 2');
});

it('an empty file, a folder and a missing file are faults', async () => {
  expect(await reasonOf(write('# nothing\n'))).toContain('no token');
  expect(await reasonOf(folder)).toContain(folder);
  expect(await reasonOf(path.join(folder, 'missing'))).toContain('ENOENT');
});
