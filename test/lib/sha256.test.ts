import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { Digest } from '../../contract/ids.ts';
import { asSha256, hexOf, sha256Aside, sha256Of, sha256OfFile } from '../../main/lib/sha256.ts';
import { newFolder } from '../temp/folder.ts';

const folder = newFolder('sha256');

// FIPS 180-2, appendix B.1.
const abc = 'sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';

it('is the same by every way, and a digest as the contract has it', async () => {
  const file = path.join(folder, 'abc');
  writeFileSync(file, 'abc');
  expect(sha256Of('abc')).toBe(abc);
  expect(sha256Of(Buffer.from('abc'))).toBe(abc);
  expect(await sha256Aside(Buffer.from('xabcx').subarray(1, 4))).toBe(abc);
  expect(await sha256OfFile(file)).toBe(abc);
  expect(asSha256(hexOf(abc))).toBe(abc);
  expect(Digest.parse(sha256Of(''))).toBe(sha256Of(''));
  await expect(sha256OfFile(path.join(folder, 'missing'))).rejects.toThrow('ENOENT');
});

it('is that of each file, however many are read at once and however long they are', async () => {
  const contents = Array.from({ length: 24 }, (_, at) => Buffer.alloc(at * 150_001, at));
  const files = contents.map((content, at) => {
    const file = path.join(folder, `${at}`);
    writeFileSync(file, content);
    return file;
  });
  const digests = await Promise.all(files.map((file) => sha256OfFile(file)));
  expect(digests).toEqual(contents.map((content) => sha256Of(content)));
});
