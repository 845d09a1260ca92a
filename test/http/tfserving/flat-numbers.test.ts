import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementTypes } from '../../../contract/tensor.ts';
import type { ElementType } from '../../../contract/tensor.ts';
import { Dense } from '../../../main/http/tfserving/dense.ts';
import { flatNumbersAt } from '../../../main/http/tfserving/flat-numbers.ts';
import { readTree } from '../../../main/http/tfserving/tree.ts';
import type { Json } from '../../../main/http/tfserving/tree.ts';

const list = (text: string): { readonly body: Buffer; readonly root: Json & { kind: 'array' } } => {
  const body = Buffer.from(text);
  const result = readTree(body, { maxDepth: 64, maxNodes: Infinity });
  if (result.kind !== 'tree' || result.root.kind !== 'array') throw new Error('not a list');
  return { body, root: result.root };
};
type Filled = { readonly text: string | null; readonly bytes: string };

function filled(type: ElementType, text: string, how: 'at once' | 'one by one'): Filled {
  const { body, root } = list(text);
  const rows = how === 'at once' ? null : root.items.length;
  const dense = new Dense(body, { spec: { name: 'x', type, shape: [-1] }, rows, maxElements: 1e6 });
  for (const value of how === 'at once' ? [root] : root.items) {
    const added = dense.add(value);
    if (!added.ok) return { text: added.refusal.text, bytes: '' };
  }
  return { text: null, bytes: Buffer.from(dense.tensor().data).toString('hex') };
}

describe('a long flat list', () => {
  const number = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
    fc.integer({ min: -200, max: 300 }).map(String),
    fc.integer().map(String),
    fc.bigInt({ min: -(2n ** 65n), max: 2n ** 65n }).map(String),
    fc.constantFrom(
      '0.0',
      '-0',
      '1e3',
      '16777217',
      '16777217.0',
      '2049',
      '65520',
      '3.5e38',
      '999999999999999',
    ),
  );

  it('fills every element type as value by value would, and is refused for the same reason', () => {
    const plain = fc.array(fc.integer({ min: 0, max: 100 }).map(String), { minLength: 40, maxLength: 60 });
    const numbers = fc.oneof(plain, fc.array(number, { minLength: 10, maxLength: 40 }));
    fc.assert(
      fc.property(
        fc.constantFrom(...elementTypes),
        numbers,
        fc.constantFrom(',', ' ,\n\t'),
        (type, values, comma) => {
          const text = `[${values.join(comma)}]`;
          expect(filled(type, text, 'at once')).toEqual(filled(type, text, 'one by one'));
        },
      ),
      { numRuns: 3_000 },
    );
  });

  it('is read at once when all its numbers are plain', () => {
    const text = `[${'1.5, 2,'.repeat(20)}3]`;
    expect(flatNumbersAt(Buffer.from(text), 0)).toMatchObject({
      areWhole: false,
      hasWhole: true,
      end: text.length,
    });
    expect(list(text).root.items).toHaveLength(41);
  });

  it.each([
    ['a nested list', `[${'[1],'.repeat(40)}[1]]`],
    ['a whole number of 16 digits', `[${'1,'.repeat(40)}9007199254740993]`],
    ['a number beyond double', `[${'1,'.repeat(40)}1e999]`],
    ['a token', `[${'1,'.repeat(40)}NaN]`],
    ['a comma too many', `[${'1,'.repeat(40)}]`],
    ['no end', `[${'1,'.repeat(40)}`],
    ['a leading zero', `[${'01,'.repeat(40)}1]`],
    ['a gap in a number', `[${'1 2,'.repeat(40)}1]`],
  ])('is not with %s', (_, text) => {
    expect(flatNumbersAt(Buffer.from(text), 0)).toBeNull();
  });
});
