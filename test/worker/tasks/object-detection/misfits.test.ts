import { describe, expect, it } from 'vitest';
import { BoxesStep } from '../../../../contract/packs/detection-steps.ts';
import { reasonText } from '../../../../contract/faults/reasons.ts';
import { readCandidates } from '../../../../main/worker/tasks/object-detection/candidates.ts';
import { isMisfit, numbersOf, type Numbers } from '../../../../main/worker/tasks/object-detection/outputs.ts';
import { families, type Family } from '../../../fixtures/detectors/steps.ts';

const zeros = (name: string, dims: readonly number[], type: 'float32' | 'int64' = 'float32'): Numbers => {
  const length = dims.reduce((product, dim) => product * dim, 1);
  return numbersOf(name, {
    type,
    dims,
    data: type === 'int64' ? new BigInt64Array(length) : new Float32Array(length),
  });
};
const filled = (name: string, dims: readonly number[], values: readonly number[]): Numbers =>
  numbersOf(name, { type: 'float32', dims, data: Float32Array.from(values) });

function read(step: BoxesStep, outputs: readonly Numbers[], labelCount = 3) {
  return readCandidates(step, (name) => outputs.find((output) => output.name === name)!, {
    input: { width: 64, height: 64 },
    labelCount,
  });
}
function why(family: Family, ...outputs: readonly Numbers[]): string {
  const found = read(families[family], outputs);
  return isMisfit(found) ? reasonText(found) : `read ${found.length}`;
}

describe('outputs that have not the form which the manifest promises', () => {
  it.each<[string, Family, readonly Numbers[], string]>([
    [
      'boxes of other places',
      'apart',
      [zeros('boxes', [1, 9, 4]), zeros('scores', [1, 8, 3])],
      'its outputs boxes [1 × 9 × 4] and scores [1 × 8 × 3] do not belong together',
    ],
    [
      'boxes of five values',
      'apart',
      [zeros('boxes', [1, 9, 5]), zeros('scores', [1, 9, 3])],
      'its outputs boxes [1 × 9 × 5] and scores [1 × 9 × 3] do not belong together',
    ],
    [
      'a list of maps',
      'apart',
      [zeros('boxes', [1, 2, 9, 4]), zeros('scores', [1, 9, 3])],
      'its output boxes has dimensions 1 × 2 × 9 × 4, where 2 for each photo were promised',
    ],
    [
      'no photo at all',
      'apart',
      [zeros('boxes', [0, 9, 4]), zeros('scores', [0, 9, 3])],
      'its output boxes has dimensions 0 × 9 × 4, where 2 for each photo were promised',
    ],
    [
      'another number of labels',
      'apart',
      [zeros('boxes', [1, 9, 4]), zeros('scores', [1, 9, 80])],
      'it scores 80 labels, and the pack has 3',
    ],
    [
      'a background that is not counted',
      'detr',
      [zeros('pred_boxes', [1, 9, 4]), zeros('logits', [1, 9, 3])],
      'it scores 2 labels, and the pack has 3',
    ],
    [
      'no column left for a score',
      'rows',
      [zeros('output', [1, 9, 5])],
      'its output output [1 × 9 × 5] has 5 values for each place, too few for a box and a score',
    ],
    [
      'rows where columns were said',
      'columns',
      [zeros('output0', [1, 64, 7])],
      'it scores 60 labels, and the pack has 3',
    ],
    [
      'another width of rows',
      'table',
      [zeros('output0', [1, 9, 7])],
      'its output output0 has 7 columns, and the manifest names 6',
    ],
    [
      'scores of other boxes',
      'torchvision',
      [zeros('boxes', [9, 4]), zeros('scores', [8]), zeros('labels', [9], 'int64')],
      'its outputs boxes [9 × 4] and scores [8] do not belong together',
    ],
    [
      'a number of boxes that is none',
      'tensorflow',
      [
        zeros('detection_boxes', [1, 2, 4]),
        zeros('detection_scores', [1, 2]),
        zeros('detection_classes', [1, 2]),
        filled('num_detections', [1], [NaN]),
      ],
      'its output num_detections says that NaN boxes were found',
    ],
    [
      'a label that nobody knows',
      'torchvision',
      [zeros('boxes', [1, 4]), filled('scores', [1], [0.9]), filled('labels', [1], [4])],
      'it found label 4, and the pack has 3 labels',
    ],
    [
      'scores that are none',
      'apart',
      [zeros('boxes', [1, 1, 4]), filled('scores', [1, 1, 3], [0.9, NaN, 0.1])],
      'it gave scores that are no numbers (NaN)',
    ],
    [
      'certainty that is none',
      'rows',
      [filled('output', [1, 1, 8], [8, 8, 4, 4, NaN, 1, 0, 0])],
      'it gave scores that are no numbers (NaN)',
    ],
    [
      'a box that is none',
      'table',
      [filled('output0', [1, 1, 6], [0, 0, Infinity, 4, 0.9, 1])],
      'it gave a box whose corners are no numbers, with label 1',
    ],
  ])('%s', (_, family, outputs, reason) => {
    expect(why(family, ...outputs)).toBe(reason);
  });
});

describe('outputs that are read', () => {
  it('leaves out boxes of other photos, of which a batch has several', () => {
    const row = (photo: number, left: number): number[] => [photo, left, 0, left + 8, 8, 2, 0.9];
    const found = read(families['table-batch'], [
      filled('output', [3, 7], [...row(1, 0), ...row(0, 16), ...row(1, 32)]),
    ]);
    expect(found).toEqual([{ index: 2, score: expect.closeTo(0.9, 6), box: [16, 0, 24, 8] }]);
  });

  it('takes the first of the photos that a graph of a fixed batch was fed with', () => {
    const boxes = filled('boxes', [2, 1, 4], [0, 0, 8, 8, 9, 9, 9, 9]);
    const found = read(families.apart, [boxes, filled('scores', [2, 1, 3], [0, 0.75, 0, 1, 1, 1])]);
    expect(found).toEqual([{ index: 1, score: 0.75, box: [0, 0, 8, 8] }]);
  });

  it('finds nothing where a graph found nothing', () => {
    expect(read(families['table-batch'], [zeros('output', [0, 7])])).toEqual([]);
    expect(
      read(families.torchvision, [
        zeros('boxes', [0, 4]),
        zeros('scores', [0]),
        zeros('labels', [0], 'int64'),
      ]),
    ).toEqual([]);
  });

  it('takes no label twice for a place, unless the manifest says so', () => {
    const outputs = [
      filled('boxes', [1, 1, 4], [0, 0, 8, 8]),
      filled('scores', [1, 1, 3], [0.5, 0.25, 0.125]),
    ];
    const indexes = (perPlace: 'best' | 'all') => {
      const found = read({ ...families.apart, perPlace }, outputs);
      return isMisfit(found) ? reasonText(found) : found.map(({ index }) => index);
    };
    expect(indexes('best')).toEqual([0]);
    expect(indexes('all')).toEqual([0, 1]);
  });

  it('reads a background that comes first, as SSD has it', () => {
    const step = BoxesStep.parse({ ...families.apart, scores: 'softmax', background: 'first' });
    const found = read(step, [
      filled('boxes', [1, 1, 4], [0, 0, 8, 8]),
      filled('scores', [1, 1, 4], [0, 0, 4, 0]),
    ]);
    expect(found).toEqual([
      { index: 1, score: expect.closeTo(Math.exp(4) / (Math.exp(4) + 3), 9), box: [0, 0, 8, 8] },
    ]);
  });

  it('reads half floats and whole numbers of 64 bits', () => {
    expect(
      numbersOf('x', { type: 'float16', dims: [2], data: Uint16Array.of(0x3c00, 0xc000) as never }).data,
    ).toEqual(Float64Array.of(1, -2));
    expect(numbersOf('x', { type: 'int64', dims: [1], data: BigInt64Array.of(-7n) }).data).toEqual(
      Float64Array.of(-7),
    );
  });
});
