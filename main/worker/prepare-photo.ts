import { ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import type { PreprocessingStep } from '../../contract/picture-steps.ts';
import type { PreparedPhoto } from '../../contract/pack-build.ts';
import type { Decoder } from './decoder.ts';
import { withMargin } from './letterbox.ts';
import { decodeSpec, letterboxOf, toTensor } from './preprocess.ts';

/** A photo as these steps hand it to a model, by the code that answers: its pixels, and the values of the tensor. */
export async function preparePhoto(
  decoder: Decoder,
  bytes: Uint8Array,
  { steps, name }: { readonly steps: readonly PreprocessingStep[]; readonly name: string },
): Promise<Outcome<PreparedPhoto>> {
  const decoded = await decoder.decode(bytes, decodeSpec(steps), name);
  if (!decoded.ok) return decoded;
  const picture = withMargin(decoded.value, letterboxOf(steps));
  const { pixels, outWidth: width, outHeight: height, seen } = picture;
  const { data } = toTensor(picture, steps);
  const layout = steps.find((step) => step.op === 'layout');
  const isPlanar = layout?.order !== 'NHWC';
  return ok({
    width,
    height,
    sourceWidth: picture.width,
    sourceHeight: picture.height,
    seen: { left: seen.left, top: seen.top, width: seen.width, height: seen.height },
    channels: [0, 1, 2].map((channel) =>
      isPlanar
        ? rangeOf(data, { from: channel * width * height, to: (channel + 1) * width * height, stride: 1 })
        : rangeOf(data, { from: channel, to: data.length, stride: 3 }),
    ),
    pixels,
  });
}

type Stretch = { readonly from: number; readonly to: number; readonly stride: number };

function rangeOf(data: Float32Array, { from, to, stride }: Stretch): PreparedPhoto['channels'][number] {
  let [min, max, sum, count] = [Infinity, -Infinity, 0, 0];
  for (let at = from; at < to; at += stride) {
    const value = data[at]!;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum += value;
    count += 1;
  }
  return { min, max, mean: sum / Math.max(1, count) };
}
