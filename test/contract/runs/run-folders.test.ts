import { describe, expect, it } from 'vitest';
import { parsePlace } from '../../../contract/runs/run-folders.ts';

describe('a place as a person writes it', () => {
  it.each([
    ['-1.29,36.82', { latitude: -1.29, longitude: 36.82 }],
    ['  52.37 ,  4.89 ', { latitude: 52.37, longitude: 4.89 }],
    ['52,37; 4,89', { latitude: 52.37, longitude: 4.89 }],
    ['-1,29, 36,82', { latitude: -1.29, longitude: 36.82 }],
    ['90, -180', { latitude: 90, longitude: -180 }],
  ])('%j is read', (text, place) => {
    expect(parsePlace(text)).toEqual(place);
  });

  it.each([
    '',
    '52.37',
    '52.37,',
    ',4.89',
    '91, 0',
    '0, 181',
    '1, 2, 3',
    '1,2,3',
    '52.37 N, 4.89 E',
    '1, NaN',
  ])('%j is none', (text) => {
    expect(parsePlace(text)).toBeNull();
  });
});
