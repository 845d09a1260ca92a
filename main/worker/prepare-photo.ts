import { ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { PreprocessingStep } from '../../contract/packs/picture-steps.ts';
import { channelCount, isPlanar, layoutOf } from '../../contract/packs/picture-input.ts';
import type { PreparedPhoto } from '../../contract/packs/pack-build.ts';
import type { Decoder } from './decoder.ts';
import { withMargin } from './letterbox.ts';
import { decodeSpec, letterboxOf, lumaOf, toTensor } from './preprocess.ts';
import type { PictureData } from './preprocess.ts';

/** A photo as these steps hand it to a model, by the code that answers: its pixels, and the values of the tensor. */
export async function preparePhoto(
  decoder: Decoder,
  bytes: Uint8Array,
  { steps, name }: { readonly steps: readonly PreprocessingStep[]; readonly name: string },
): Promise<Outcome<PreparedPhoto>> {
  const decoded = await decoder.decode(bytes, decodeSpec(steps), name);
  if (!decoded.ok) return decoded;
  const picture = withMargin(decoded.value, letterboxOf(steps));
  const { outWidth: width, outHeight: height, seen } = picture;
  const { data } = toTensor(picture, steps);
  const layout = layoutOf(steps);
  const channels = layout ? channelCount(layout) : 3;
  const plane = width * height;
  return ok({
    width,
    height,
    sourceWidth: picture.width,
    sourceHeight: picture.height,
    seen: { left: seen.left, top: seen.top, width: seen.width, height: seen.height },
    channels: Array.from({ length: channels }, (_, channel) =>
      !layout || isPlanar(layout)
        ? rangeOf(data, { from: channel * plane, to: (channel + 1) * plane, stride: 1 })
        : rangeOf(data, { from: channel, to: data.length, stride: channels }),
    ),
    pixels: channels === 1 ? greyOf(picture.pixels) : picture.pixels,
  });
}

/** Luma as pixels of three equal channels: what a model of one channel gets, to be looked at. */
function greyOf(pixels: Uint8Array): Uint8Array {
  const luma = lumaOf(pixels);
  return Uint8Array.from({ length: pixels.length }, (_, at) => luma[Math.floor(at / 3)]!);
}

type Stretch = { readonly from: number; readonly to: number; readonly stride: number };

function rangeOf(data: PictureData, { from, to, stride }: Stretch): PreparedPhoto['channels'][number] {
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
