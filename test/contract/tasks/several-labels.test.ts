import { describe, expect, it } from 'vitest';
import { areIndependent, imageClassification } from '../../../contract/tasks/image-classification.ts';
import type { ClassificationResult } from '../../../contract/tasks/image-classification.ts';

const labelsOf = (scores: readonly number[]): ClassificationResult => ({
  task: 'image-classification',
  predictions: scores.map((score, index) => ({ index, id: `l${index}`, label: `label ${index}`, score })),
  labelCount: scores.length,
  width: 4,
  height: 3,
  seen: { left: 0, top: 0, width: 4, height: 3 },
  independent: { threshold: 0.5 },
});
const { headline, lines, print, rows } = imageClassification;

describe('several labels at once', () => {
  it('are all that hold, more than the usual five, until a threshold or a number is asked for', () => {
    const result = labelsOf([0.99, 0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.49]);
    const printed = print(result, {});
    expect(printed.predictions).toHaveLength(7);
    expect(printed.independent).toBe(true);
    expect(print(result, { top: 2 }).predictions).toHaveLength(2);
    expect(print(result, { threshold: 0 }).predictions).toHaveLength(8);
    expect(rows(printed)[6]).toMatchObject({ rank: 7, label: 'label 6' });
  });

  it('may be none', () => {
    const none = labelsOf([0.4, 0.1]);
    expect(headline(none)).toBeNull();
    expect(headline(labelsOf([0.5, 0.1]))).toMatchObject({ label: 'label 0', count: 1 });
    expect(print(none, {}).predictions).toEqual([]);
    expect(lines(print(none, {}))).toEqual([{ kind: 'note', text: 'no label above the threshold' }]);
  });

  it('are marked in the steps, and only there', () => {
    expect(
      areIndependent([
        { op: 'sigmoid', output: 'y' },
        { op: 'top-k', k: 5 },
      ]),
    ).toBe(true);
    expect(areIndependent([{ op: 'top-k', k: 5, output: 'y', independent: true }])).toBe(true);
    expect(
      areIndependent([
        { op: 'softmax', output: 'y' },
        { op: 'top-k', k: 5 },
      ]),
    ).toBe(false);
    expect(print({ ...labelsOf([0.9]), independent: undefined }, {})).not.toHaveProperty('independent');
  });
});
