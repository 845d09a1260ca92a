import { describe, expect, it } from 'vitest';
import { pictureTypes } from '../../contract/packs/picture-input.ts';
import type { PreprocessingStep } from '../../contract/packs/picture-steps.ts';
import { withMargin } from '../../main/worker/letterbox.ts';
import { letterboxOf, toTensor } from '../../main/worker/preprocess.ts';
import { topScores } from '../../main/worker/tasks/softmax.ts';

const orders = ['NCHW', 'NHWC'] as const;
const channels = ['RGB', 'BGR', 'luma'] as const;
const places = ['centre', 'corner'] as const;

/** Numbers from 0 to 255 without an order, the same each time. */
function noise(length: number): Uint8Array {
  let seed = 7;
  return Uint8Array.from({ length }, () => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) >>> 16);
}

describe.each(pictureTypes)('a picture with a margin as %s', (type) => {
  it.each(orders.flatMap((order) => channels.map((each) => [order, each] as const)))(
    'has the values of the picture with its margin drawn, %s %s',
    (order, each) => {
      for (const at of places)
        for (const [outWidth, outHeight] of [
          [7, 4],
          [3, 9],
          [7, 9],
        ] as const) {
          const steps: PreprocessingStep[] = [
            { op: 'letterbox', width: 7, height: 9, kernel: 'cubic', colour: [114, 30, 201], at },
            { op: 'normalize', mean: [103, 116, 123], std: [2, 2.5, 3] },
            { op: 'layout', input: 'pixels', order, channels: each },
          ];
          const picture = { pixels: noise(3 * outWidth * outHeight), outWidth, outHeight };
          const drawn = toTensor(withMargin(picture, letterboxOf(steps)), steps, { type });
          expect(toTensor(picture, steps, { type })).toEqual(drawn);
        }
    },
  );
});

it.each([1, 5, 20, 64, 65, 300])('the %d highest scores are those of an order of all', (keep) => {
  // Many are equal.
  const scores = Float64Array.from(noise(257), (value) => (value % 50) / 50);
  const all = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
  expect(topScores(scores, [], keep).map(({ index }) => index)).toEqual(all.slice(0, keep));
});
