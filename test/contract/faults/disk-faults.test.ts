import { describe, expect, it } from 'vitest';
import {
  isDiskFull,
  isDriveLost,
  isMissing,
  placeFault,
  readFault,
  systemCode,
  writeFault,
} from '../../../contract/faults/disk-faults.ts';

const system = (code: string): Error => Object.assign(new Error(`${code}: words`), { code });

describe('what the disk says', () => {
  it.each([
    ['ENOENT', 'file-not-found'],
    ['ENOTDIR', 'file-not-found'],
    ['EACCES', 'file-unreadable'],
    ['ENOSPC', 'file-unreadable'],
  ])('%s while reading is %s', (code, expected) => {
    expect(readFault(system(code), 'a.jpg')).toMatchObject({ code: expected, params: { file: 'a.jpg' } });
  });

  it.each([
    ['ENOSPC', 'disk-full'],
    ['EDQUOT', 'disk-full'],
    ['EROFS', 'store-read-only'],
    ['EACCES', 'file-unreadable'],
    ['ENOENT', 'file-unreadable'],
  ])('%s while writing is %s', (code, expected) => {
    expect(writeFault(system(code), 'out.csv')).toMatchObject({
      code: expected,
      params: { file: 'out.csv' },
    });
  });

  it.each([
    ['EISDIR', 'place-is-folder'],
    ['EACCES', 'place-unwritable'],
    ['EROFS', 'place-unwritable'],
    ['ENOSPC', 'disk-full'],
  ])('%s at a place that a person chose is %s', (code, expected) => {
    expect(placeFault(system(code), 'out.csv')).toMatchObject({
      code: expected,
      params: { file: 'out.csv' },
    });
  });

  it('a whole draft that was left behind is named before all else', () => {
    const full = Object.assign(system('ENOSPC'), { draft: '/tmp/whole' });
    expect(writeFault(full, 'out.csv')).toMatchObject({
      code: 'output-not-copied',
      params: { file: 'out.csv', draft: '/tmp/whole' },
    });
  });

  it('an error without a code is none of the system', () => {
    for (const other of [new Error('ENOSPC'), null, undefined, 'ENOENT', { code: 28 }]) {
      expect(systemCode(other)).toBeUndefined();
      expect([isDiskFull(other), isMissing(other), isDriveLost(other)]).toEqual([false, false, false]);
    }
    expect(isDriveLost(system('ESTALE'))).toBe(true);
  });
});
