import type { PreprocessingStep } from '../../contract/picture-steps.ts';
import type { LetterboxStep } from '../../contract/detection-steps.ts';
import type { DecodeSpec, Picture } from './decoder.ts';
import { withMargin } from './letterbox.ts';

type Steps = readonly PreprocessingStep[];
type Step<O extends PreprocessingStep['op']> = Extract<PreprocessingStep, { op: O }>;

function stepOf<O extends PreprocessingStep['op']>(steps: Steps, op: O): Step<O> | null {
  return (steps.find((step) => step.op === op) as Step<O> | undefined) ?? null;
}

/** The part of the steps that the decoder does. */
export function decodeSpec(steps: Steps, isFast = false): DecodeSpec {
  return {
    isFast,
    background: stepOf(steps, 'decode')?.background ?? [255, 255, 255],
    crop: stepOf(steps, 'crop-centre')?.fraction ?? null,
    resize: resizeOf(steps),
  };
}

function resizeOf(steps: Steps): DecodeSpec['resize'] {
  const letterbox = letterboxOf(steps);
  if (!letterbox) return stepOf(steps, 'resize');
  const { width, height, kernel } = letterbox;
  return { op: 'resize', width, height, kernel, isWhole: true };
}

export const letterboxOf = (steps: Steps): LetterboxStep | null => stepOf(steps, 'letterbox');
export const pictureInput = (steps: Steps): string | null => stepOf(steps, 'layout')?.input ?? null;

/** Pixels as the tensor that the `layout` step names: float32, [1,3,H,W] or [1,H,W,3], x = (value - mean) / std. */
export function toTensor(picture: Picture, steps: Steps): { data: Float32Array; dims: number[] } {
  const { pixels, outWidth: width, outHeight: height } = withMargin(picture, letterboxOf(steps));
  const normalize = stepOf(steps, 'normalize');
  const layout = stepOf(steps, 'layout');
  const plane = width * height;
  const isPlanar = layout?.order !== 'NHWC';
  const data = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel += 1) {
    const from = layout?.channels === 'BGR' ? 2 - channel : channel;
    const table = valueTable(normalize?.mean[from] ?? 0, normalize?.std[from] ?? 1);
    let at = isPlanar ? channel * plane : channel;
    const stride = isPlanar ? 1 : 3;
    for (let index = from; index < 3 * plane; index += 3) {
      data[at] = table[pixels[index]!]!;
      at += stride;
    }
  }
  return { data, dims: isPlanar ? [1, 3, height, width] : [1, height, width, 3] };
}

/** All 256 results of a step that sees one byte: a look-up beats a subtraction and a division per value. */
function valueTable(mean: number, std: number): Float32Array {
  return Float32Array.from({ length: 256 }, (_, value) => (value - mean) / std);
}
