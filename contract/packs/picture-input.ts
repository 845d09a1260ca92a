import type { ElementType } from '../tensors/tensor.ts';
import type { PreprocessingStep } from './picture-steps.ts';
import { reason, type Reason } from '../faults/reasons.ts';

type Steps = readonly PreprocessingStep[];
export type LayoutStep = Extract<PreprocessingStep, { op: 'layout' }>;
type Layout = Pick<LayoutStep, 'order' | 'channels'>;
type Dim = number | string | null;
/** An input declared by a manifest or a graph; a free dimension is null, negative or a name. */
type Input = { readonly name: string; readonly type: string | null; readonly shape: readonly Dim[] };

/** Element types of picture inputs. */
export const pictureTypes = ['float32', 'float16', 'float64', 'uint8', 'int8', 'int32'] as const;
export type PictureType = (typeof pictureTypes)[number];
export const isPictureType = (type: string | null): type is PictureType =>
  pictureTypes.some((each) => each === type);

/** Value range of integer inputs; null for floating-point ones. */
export function integerRange(type: PictureType): readonly [number, number] | null {
  const ranges: Partial<Record<ElementType, readonly [number, number]>> = {
    uint8: [0, 255],
    int8: [-128, 127],
    int32: [-(2 ** 31), 2 ** 31 - 1],
  };
  return ranges[type] ?? null;
}

export const layoutOf = (steps: Steps): LayoutStep | null =>
  steps.find((step) => step.op === 'layout') ?? null;
export const channelCount = ({ channels }: Pick<Layout, 'channels'>): 1 | 3 => (channels === 'luma' ? 1 : 3);
/** Whether the values of each channel are contiguous. */
export const isPlanar = ({ order }: Pick<Layout, 'order'>): boolean => !order.endsWith('C');

/** Dimensions of the input for this many pictures of this size in pixels. */
export function inputDims<Side extends Dim>(
  layout: Layout,
  { width, height }: { readonly width: Side; readonly height: Side },
  rows: Side | 1 = 1,
): (Side | 1 | 3)[] {
  const sides = { N: rows, C: channelCount(layout), H: height, W: width } as const;
  return Array.from(layout.order, (letter) => sides[letter as keyof typeof sides]);
}

/** Why these steps do not fit the graph's input, or null. Free dimensions fit anything. */
export function misfitOfPicture({ name, type, shape }: Input, steps: Steps): Reason | null {
  if (!isPictureType(type)) return reason('picture-input-type', { name, type: String(type) });
  const layout = layoutOf(steps);
  if (!layout) return null;
  const fit = steps.find((step) => step.op === 'resize' || step.op === 'letterbox');
  const dims = inputDims<Dim>(layout, { width: fit?.width ?? null, height: fit?.height ?? null }, null);
  const isFit = dims.length === shape.length && dims.every((dim, axis) => isAlike(dim, shape[axis]!));
  if (isFit) return null;
  return reason('picture-input-shape', { name, takes: textOf(shape), given: textOf(dims) });
}

/** The contradiction among the steps that turn pixels into numbers, or null. */
export function misfitOfValues(steps: Steps): Reason | null {
  const layout = layoutOf(steps);
  const normalize = steps.find((step) => step.op === 'normalize');
  if (!layout || !normalize) return null;
  const channels = channelCount(layout);
  const odd = [normalize.mean, normalize.std].find(({ length }) => length !== 1 && length !== channels);
  return odd ? reason('values-unlike-channels', { values: odd.length, channels }) : null;
}

const isOpen = (dim: Dim): boolean => typeof dim !== 'number' || dim < 0;
const isAlike = (one: Dim, other: Dim): boolean => isOpen(one) || isOpen(other) || one === other;
const textOf = (dims: readonly Dim[]): string => dims.map((dim) => (isOpen(dim) ? '?' : dim)).join(' × ');
