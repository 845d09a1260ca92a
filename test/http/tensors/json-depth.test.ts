import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonDepth } from '../../../main/http/tensors/json-depth.ts';

const depthOf = (value: unknown): number =>
  typeof value !== 'object' || value === null
    ? 0
    : 1 + Math.max(0, ...Object.values(value as object).map(depthOf));

test('it tells the depth that parsing would find', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      expect(jsonDepth(Buffer.from(JSON.stringify(value)), 100)).toBe(depthOf(value));
    }),
  );
});

test('brackets in strings do not count, and it stops at the limit', () => {
  expect(jsonDepth(Buffer.from(String.raw`["[[[[\"[[\\"]`), 64)).toBe(1);
  expect(jsonDepth(Buffer.from('['.repeat(1_000_000)), 64)).toBe(65);
  expect(jsonDepth(Buffer.from('"[[['), 64)).toBe(0);
});
