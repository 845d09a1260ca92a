import { expect, it } from 'vitest';
import { rowLabels } from '../../../main/cli/tensors/labels.ts';

const labels = ['cat', 'dog', 'owl'].map((name, index) => ({ index, id: name, name }));
const floats = (name: string, rows: readonly (readonly number[])[]) => ({
  name,
  type: 'float32' as const,
  dims: [rows.length, rows[0]?.length ?? 0],
  data: new Uint8Array(Float32Array.from(rows.flat()).buffer),
});
const scores = floats('y', [
  [0.5, 2, -1],
  [NaN, -3, -2],
]);
const ofScores = [
  { index: 1, id: 'dog', label: 'dog', score: 2 },
  { index: 2, id: 'owl', label: 'owl', score: -2 },
];

it('the highest score of each row has its label', () => {
  expect(rowLabels([scores], labels)).toEqual(ofScores);
  const embedding = floats('embedding', [[1, 2]]);
  expect(rowLabels([embedding, scores], labels)).toEqual(ofScores);
  const half = {
    name: 'y',
    type: 'float16' as const,
    dims: [1, 3],
    data: new Uint8Array([0, 0, 0, 0x3c, 0, 0x38]),
  };
  expect(rowLabels([half], labels)).toEqual([{ index: 1, id: 'dog', label: 'dog', score: 1 }]);
});

it('of several outputs the one that is called scores counts, and none where that is in doubt', () => {
  const other = floats('z', [[9, 0, 0]]);
  expect(rowLabels([other, { ...scores, name: 'probabilities' }], labels)).toEqual(ofScores);
  expect(rowLabels([other, scores], labels)).toBeNull();
});

it('nothing is said without labels, or with another number of them', () => {
  expect(rowLabels([scores], [])).toBeNull();
  expect(rowLabels([scores], labels.slice(1))).toBeNull();
  expect(rowLabels([floats('y', [[NaN, NaN, NaN]])], labels)).toBeNull();
});
