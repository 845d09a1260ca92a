import { describe, expect, it } from 'vitest';
import { isEmptyRange, isInRange, VersionRange } from '../../../contract/packs/pack-parts.ts';

describe('a range of versions', () => {
  it.each([
    ['^1.2.3', ['1.2.3', '1.9.0'], ['1.2.2', '2.0.0', '0.9.9']],
    ['^0.2.3', ['0.2.3', '0.2.9'], ['0.3.0', '0.2.2', '1.0.0']],
    ['^0.0.3', ['0.0.3'], ['0.0.4', '0.0.2', '0.1.0']],
    ['~1.2.3', ['1.2.3', '1.2.9'], ['1.3.0', '1.2.2']],
    ['1.2.3', ['1.2.3'], ['1.2.4', '1.2.2']],
    ['=1.2.3', ['1.2.3', '1.2.3+build'], ['1.2.4']],
    ['>=1.2.3 <2.0.0', ['1.2.3', '1.10.0'], ['2.0.0', '1.2.2']],
    ['>1.2.3 <=1.3.0', ['1.2.4', '1.3.0'], ['1.2.3', '1.3.1']],
  ])('%s holds %j and not %j', (range, inside, outside) => {
    expect(VersionRange.safeParse(range).success).toBe(true);
    expect(inside.filter((version) => !isInRange(version, range))).toEqual([]);
    expect(outside.filter((version) => isInRange(version, range))).toEqual([]);
  });

  it('gives nobody a prerelease', () => {
    expect(isInRange('1.3.0-beta.1', '^1.2.0')).toBe(false);
    expect(isInRange('1.2.0-beta.1', '1.2.0')).toBe(false);
  });

  it.each([
    '',
    '1',
    '1.2',
    'v1.2.3',
    '^1.2.x',
    '*',
    '1.2.3 || 2.0.0',
    '^ 1.2.3',
    '01.2.3',
    '>=1.2.3  <2.0.0',
  ])('%j is none', (text) => {
    expect(VersionRange.safeParse(text).success).toBe(false);
  });

  it('is empty where nothing can be in it', () => {
    expect(['>=2.0.0 <1.0.0', '<0.0.0', '^1.0.0 ^2.0.0', '>1.0.0 <1.0.1'].map(isEmptyRange)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['^1.0.0', '>=1.0.0 <1.0.1', '>=0.0.0', '<=0.0.0'].map(isEmptyRange)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
