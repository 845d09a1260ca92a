import { expect, it } from 'vitest';
import { parsePlace } from '../../../contract/runs/run-folders.ts';
import { writtenPlace } from '../../../renderer/parts/written-place.ts';

it.each([
  ['en', { latitude: -1.2912, longitude: 36.8219 }, '-1.2912, 36.8219'],
  ['de', { latitude: -1.2912, longitude: 36.8219 }, '-1,2912; 36,8219'],
  ['de', { latitude: 52, longitude: -179.1234567 }, '52; -179,1234567'],
] as const)('a place in %s is written as it is read again: %j', (language, place, written) => {
  expect(writtenPlace(language, place)).toBe(written);
  expect(parsePlace(written)).toEqual(place);
});
