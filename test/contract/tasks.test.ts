import { describe, expect, it } from 'vitest';
import { Manifest } from '../../contract/packs/manifest.ts';
import { firstOf, takesPictures, taskIds, taskOf, tasksWith } from '../../contract/tasks/index.ts';
import { imageClassification } from '../../contract/tasks/image-classification.ts';
import type { ClassificationResult } from '../../contract/tasks/image-classification.ts';

const every = taskIds.map(taskOf);

describe('tasks', () => {
  it('are registered under their own ids, and a manifest takes each of them', () => {
    expect(every.map(({ id }) => id)).toEqual(taskIds);
    expect(taskIds.map((id) => Manifest.shape.task.safeParse(id).success)).not.toContain(false);
    expect(Manifest.shape.task.safeParse('no-such-task').success).toBe(false);
    expect(takesPictures('no-such-task')).toBe(false);
  });

  it('declare the tensors that they make', () => {
    for (const task of tasksWith('picture')) {
      if (task.input !== 'picture') continue;
      const made = task.tensors([], 3).map(({ name, type, dims }) => [name, type, dims.length]);
      expect(made).toEqual(task.outputs.map(({ name, type, shape }) => [name, type, shape.length]));
    }
  });

  it('answer by default in their own order, whatever the order of the models', () => {
    const models = ['tensor', 'image-classification'] as const;
    expect(firstOf(models, tasksWith('picture'), (id) => id)).toBe('image-classification');
    expect(firstOf(models, tasksWith('tensors'), (id) => id)).toBe('tensor');
    expect(firstOf(models.slice(0, 1), tasksWith('picture'), (id) => id)).toBeUndefined();
  });
});

describe('labels of a photo', () => {
  const result: ClassificationResult = {
    task: 'image-classification',
    predictions: ['tabby', 'tiger cat', 'lynx'].map((label, index) => ({
      index,
      id: `n${index}`,
      label,
      score: 0.5 - index / 10,
    })),
    labelCount: 1000,
    width: 4,
    height: 3,
    seen: { left: 0, top: 0, width: 3, height: 3 },
    embedding: { scale: 0.5, values: [1, 2] },
  };
  const { headline, print, suffices, tensors, trim, widen } = imageClassification;

  it('are kept for other requests, and shortened for each', () => {
    expect([widen({ top: 3 }).top, widen({ top: 50 }).top]).toEqual([20, 50]);
    expect(trim(result, { top: 1 })).toEqual({
      ...result,
      predictions: [result.predictions[0]],
      embedding: undefined,
    });
    expect(trim(result, { embedding: true })).toEqual(result);
    expect([suffices(result, { top: 3 }), suffices(result, { top: 4 })]).toEqual([true, false]);
    expect(suffices({ ...result, labelCount: 3 }, { top: 4 })).toBe(true);
    expect(suffices({ ...result, embedding: undefined }, { embedding: true })).toBe(false);
  });

  it('are headed by the first, and printed above the threshold', () => {
    expect(headline(result)).toEqual({ ...result.predictions[0], count: 1 });
    expect(headline({ ...result, predictions: [] })).toBeNull();
    expect(print(result, { top: 5, threshold: 0.4 }).predictions.map(({ label }) => label)).toEqual([
      'tabby',
      'tiger cat',
    ]);
  });

  it('are as many in each row of the tensors as every photo has', () => {
    const [label, score] = tensors([result, { ...result, predictions: result.predictions.slice(1) }], 5);
    expect([label?.dims, label?.values]).toEqual([
      [2, 2],
      ['tabby', 'tiger cat', 'tiger cat', 'lynx'],
    ]);
    expect(score?.values).toEqual([0.5, 0.4, 0.4, 0.3]);
  });

  it('are compared by the largest difference, and by the first label where that is certain', () => {
    const expected = {
      variant: 'fp32' as const,
      toleranceAbs: 0.05,
      sameTop1: true,
      top: [{ index: 0, score: 0.52 }],
    };
    const far = imageClassification.distance(expected, result);
    expect([far.isRight, far.allowed, far.distance.toFixed(2)]).toEqual([true, 0.05, '0.02']);
    const swapped = { ...expected, top: [{ index: 1, score: 0.4 }] };
    expect(imageClassification.distance(swapped, result).isRight).toBe(false);
    const absent = { ...expected, top: [{ index: 9, score: 0.4 }] };
    expect(imageClassification.distance(absent, result).distance).toBe(Infinity);
  });
});
