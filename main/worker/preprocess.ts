import type { PreprocessingStep } from '../../contract/packs/picture-steps.ts';
import { halfBits } from '../../contract/tensors/half-floats.ts';
import {
  channelCount,
  inputDims,
  integerRange,
  isPlanar,
  layoutOf,
  type PictureType,
} from '../../contract/packs/picture-input.ts';
import type { LetterboxStep } from '../../contract/packs/detection-steps.ts';
import type { DecodeSpec, Pixels } from './decoder.ts';
import { placeOf } from './letterbox.ts';

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
export const pictureInput = (steps: Steps): string | null => layoutOf(steps)?.input ?? null;

export type PictureData = Float32Array | Float64Array | Uint16Array | Uint8Array | Int8Array | Int32Array;
/** The values of one picture's input; float16 as bits. */
export type PictureTensor = { readonly data: PictureData; readonly dims: readonly number[] };

type Target = {
  readonly type: PictureType;
  /** An array of so many values of the type that is written over, or null. */
  readonly take: (length: number) => PictureData | null;
};

/** Pixels as the tensor that the `layout` step names, x = (value - mean) / std; of integers rounded and kept in their range. */
export function toTensor(
  picture: Pixels,
  steps: Steps,
  { type = 'float32', take = () => null }: Partial<Target> = {},
): PictureTensor {
  const letterbox = letterboxOf(steps);
  const placed = placeOf(picture, letterbox);
  const { width, height } = letterbox ?? placed;
  const normalize = stepOf(steps, 'normalize');
  const layout = layoutOf(steps) ?? usualLayout;
  const plane = width * height;
  const channels = channelCount(layout);
  const values = channels === 1 ? lumaOf(picture.pixels) : picture.pixels;
  const data = take(channels * plane) ?? new arrays[type](channels * plane);
  const isApart = isPlanar(layout);
  const bits = bitsOf(data);
  const margin = placed.width * placed.height < plane ? (letterbox?.colour ?? null) : null;
  const colour = margin && (channels === 1 ? lumaOf(Uint8Array.from(margin)) : margin);
  // Without a margin on either side all rows are one.
  const [rows, count] =
    placed.width === width ? [1, placed.width * placed.height] : [placed.height, placed.width];
  for (let channel = 0; channel < channels; channel += 1) {
    const from = layout.channels === 'BGR' ? 2 - channel : channel;
    const table = bitsOf(
      valueTable(type, valueOf(normalize?.mean, from) ?? 0, valueOf(normalize?.std, from) ?? 1),
    );
    const [first, stride] = isApart ? [channel * plane, 1] : [channel, channels];
    if (colour) fillPlane(bits, table[colour[from]!]!, { first, stride, plane });
    for (let row = 0; row < rows; row += 1) {
      const at = first + stride * ((placed.top + row) * width + placed.left);
      lookUp(bits, table, { values, from: from + row * count * channels, channels, count, at, stride });
    }
  }
  return { data, dims: inputDims(layout, { width, height }) };
}

type Bits = Uint8Array | Uint16Array | Int32Array | Float64Array;
type Stretch = {
  readonly values: Uint8Array;
  readonly from: number;
  readonly channels: number;
  /** Values that are looked up. */
  readonly count: number;
  readonly at: number;
  readonly stride: number;
};

/** The loop that every photo goes through. A worker that holds models of six types would make it thirty times slower if it saw six classes of array. */
function lookUp(data: Bits, table: Bits, { values, from, channels, count, at, stride }: Stretch): void {
  const end = from + count * channels;
  for (let index = from, to = at; index < end; index += channels, to += stride)
    data[to] = table[values[index]!]!;
}

/** One value everywhere in a channel. */
function fillPlane(
  data: Bits,
  value: number,
  { first, stride, plane }: { readonly first: number; readonly stride: number; readonly plane: number },
): void {
  if (stride === 1) data.fill(value, first, first + plane);
  else for (let at = first; at < data.length; at += stride) data[at] = value;
}

/** The same bytes as numbers of the same width: four classes of array, which is as many as V8 tells apart in one place. */
function bitsOf({ buffer, byteOffset, length, BYTES_PER_ELEMENT: width }: PictureData): Bits {
  const view = { 1: Uint8Array, 2: Uint16Array, 4: Int32Array, 8: Float64Array }[width as 1 | 2 | 4 | 8];
  return new view(buffer as ArrayBuffer, byteOffset, length);
}

const usualLayout = { order: 'NCHW', channels: 'RGB' } as const;
const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  float16: Uint16Array,
  uint8: Uint8Array,
  int8: Int8Array,
  int32: Int32Array,
} as const satisfies Record<PictureType, unknown>;

/** One value is for every channel. */
const valueOf = (values: readonly number[] | undefined, channel: number): number | undefined =>
  values && (values.length === 1 ? values[0] : values[channel]);

/** Of each type, mean and deviation that a model of this process has: few. */
const tables = new Map<string, PictureData>();

/** All 256 results of a step that sees one byte: a look-up beats a subtraction and a division per value. */
function valueTable(type: PictureType, mean: number, std: number): PictureData {
  const key = `${type} ${mean} ${std}`;
  let table = tables.get(key);
  if (!table) tables.set(key, (table = makeTable(type, mean, std)));
  return table;
}

function makeTable(type: PictureType, mean: number, std: number): PictureData {
  const range = integerRange(type);
  const table = new arrays[type](256);
  for (let value = 0; value < 256; value += 1) {
    const exact = (value - mean) / std;
    if (range) table[value] = Math.min(range[1], Math.max(range[0], Math.round(exact)));
    // Single precision first, for every type: stored answers of such models stay those of this method.
    else table[value] = type === 'float16' ? halfBits(Math.fround(exact)) : Math.fround(exact);
  }
  return table;
}

/** ITU-R BT.601 in 16-bit fixed point, the numbers of Pillow's mode L. */
export function lumaOf(pixels: Uint8Array): Uint8Array {
  const luma = new Uint8Array(pixels.length / 3);
  for (let index = 0, at = 0; index < luma.length; index += 1, at += 3)
    luma[index] = (pixels[at]! * 19595 + pixels[at + 1]! * 38470 + pixels[at + 2]! * 7471 + 0x8000) >> 16;
  return luma;
}
