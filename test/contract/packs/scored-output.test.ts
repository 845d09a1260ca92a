import { expect, it } from 'vitest';
import { scoredOutput, valuesPerItem } from '../../../contract/packs/scored-output.ts';
import type { TensorSpec } from '../../../contract/tensors/tensor.ts';

const scores: TensorSpec = { name: 'scores', type: 'float32', shape: ['N', 3] };
const map: TensorSpec = { name: 'map', type: 'float32', shape: ['N', 3, 7, 7] };
const kind: TensorSpec = { name: 'class', type: 'int64', shape: ['N'] };
const text: TensorSpec = { name: 'text', type: 'string', shape: ['N'] };
const vector: TensorSpec = { name: 'vector', type: 'float32', shape: ['N', 512] };
const name = (outputs: readonly TensorSpec[], more: { embedding?: string; output?: string } = {}) =>
  scoredOutput({
    outputs: [...outputs],
    postprocessing: [{ op: 'top-k', k: 3, output: more.output }],
    embedding: more.embedding,
  })?.name ?? null;

it.each([
  ['the only one', [scores], {}, 'scores'],
  ['the one row of numbers behind a map, a text and a class', [map, text, kind, scores], {}, 'scores'],
  ['what is no embedding', [vector, scores], { embedding: 'vector' }, 'scores'],
  ['the one that a step names', [scores, vector], { output: 'vector' }, 'vector'],
  ['none of two that could be it', [scores, vector], {}, null],
  ['none where only classes and texts are given', [kind, text], {}, null],
  ['none where a step names what is not there', [scores], { output: 'gone' }, null],
] as const)('scores are read from %s', (_what, outputs, more, expected) => {
  expect(name(outputs, more)).toBe(expected);
});

it('counts the values of one item, however many dimensions of one lie around them', () => {
  expect(valuesPerItem(['N', 1000])).toBe(1000);
  expect(valuesPerItem([1, 3, 1, 1])).toBe(3);
  expect(valuesPerItem([1, 1, 3])).toBe(3);
  expect(valuesPerItem(['N', 1])).toBe(1);
  expect(valuesPerItem(['N', 'classes'])).toBe('free');
  expect(valuesPerItem([10])).toBe(10);
  expect(valuesPerItem(null)).toBe('free');
  expect(valuesPerItem(['N', 7, 7])).toBeNull();
  expect(valuesPerItem([])).toBeNull();
});
