import { describe, expect, it } from 'vitest';
import { packEmbedding, similarityOf } from '../../contract/packs/embedding.ts';
import { featureExtraction } from '../../contract/tasks/feature-extraction.ts';
import type { ExtractionResult } from '../../contract/tasks/feature-extraction.ts';
import type { TaskManifest } from '../../contract/tasks/index.ts';

const result: ExtractionResult = {
  task: 'feature-extraction',
  width: 4,
  height: 3,
  seen: { left: 0, top: 0, width: 3, height: 3 },
  embedding: { scale: 0.5, values: [2, -3] },
};
const manifest: TaskManifest = {
  inputs: [{ name: 'x', type: 'float32', shape: ['N', 3, 4, 4] }],
  outputs: [
    { name: 'y', type: 'float32', shape: ['N', 8] },
    { name: 'map', type: 'float32', shape: ['N', 8, 7, 7] },
    { name: 'number', type: 'int64', shape: ['N'] },
  ],
  preprocessing: [
    { op: 'decode', background: [255, 255, 255] },
    { op: 'layout', order: 'NCHW', channels: 'RGB', input: 'x' },
  ],
  postprocessing: [],
  embedding: 'y',
};

describe('a vector as a result', () => {
  const { columns, distance, findContradictions, print, rows, suffices, tensors } = featureExtraction;

  it('is printed, written as a row and sent as a tensor, as long as it is', () => {
    const printed = print(result);
    expect(printed).toEqual({ task: 'feature-extraction', embedding: [1, -1.5] });
    expect(columns.map((column) => rows(printed)[0]?.[column])).toEqual([2, '[1,-1.5]']);
    expect(tensors([result, result])).toEqual([
      { name: 'embedding', type: 'float32', dims: [2, 2], values: [1, -1.5, 1, -1.5] },
    ]);
  });

  it('is needed in a stored answer, and compared by its direction', () => {
    expect([suffices(result), suffices({ ...result, embedding: undefined })]).toEqual([true, false]);
    const expected = {
      variant: 'fp32',
      toleranceAbs: 0.02,
      embedding: { scale: 9, values: [2, -3] },
    } as const;
    expect(distance(expected, result).isRight).toBe(true);
    const turned = { ...result, embedding: { scale: 1, values: [3, 2] } };
    expect(distance(expected, turned)).toEqual({ distance: 1, allowed: 0.02, isRight: false });
  });

  it.each([
    ['y', []],
    [undefined, ['embedding-not-named']],
    ['map', ['embedding-no-row']],
    ['number', ['embedding-type']],
  ])('is the output that the manifest names: %s', (embedding, wrong) => {
    const found = findContradictions({ ...manifest, embedding });
    expect(found).toHaveLength(wrong.length);
    expect(JSON.stringify(found)).toContain(wrong[0] ?? '');
  });
});

describe('values in one byte', () => {
  it('are no more than half a step from what they were, and none where one is no number', () => {
    const values = [0.5, -2, 1.25, 0];
    const packed = packEmbedding(values)!;
    values.forEach((value, at) =>
      expect(Math.abs(packed.values[at]! * packed.scale - value)).toBeLessThanOrEqual(packed.scale / 2),
    );
    expect(packed.values.some((value) => Object.is(value, -0))).toBe(false);
    expect([packEmbedding([1, Number.NaN]), packEmbedding([Infinity])]).toEqual([null, null]);
    expect(similarityOf(packed, { scale: 1, values: [1, 2] })).toBe(0);
  });
});
