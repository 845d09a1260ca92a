import { expect, test } from 'vitest';
import { linesOf, shareOf } from '../../main/app/under-way.ts';

test('the share is of all that is under way, and known only when all of it is counted', () => {
  const run = { title: 'north ridge', done: 300, total: 1_200 };
  const copy = { title: 'TRAP1', done: 100, total: 400 };
  expect(shareOf([run, copy])).toBe(0.25);
  expect(shareOf([run, { ...copy, total: null }])).toBeNull();
  expect(shareOf([])).toBeNull();
  expect(shareOf([{ ...copy, done: 0, total: 0 }])).toBeNull();
  expect(linesOf([run, { ...copy, total: null }], 'de')).toEqual([
    'north ridge: 300 / 1.200',
    'TRAP1: 100 / …',
  ]);
});
