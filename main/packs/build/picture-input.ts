import { integerRange, isPictureType } from '../../../contract/packs/picture-input.ts';
import type { LayoutStep, PictureType } from '../../../contract/packs/picture-input.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import type { Reason } from '../../../contract/faults/reasons.ts';
import type { Graph } from '../graph/graph.ts';

/** A graph input that can take a picture. */
export type PictureInput = {
  readonly name: string;
  readonly type: PictureType;
  readonly order: LayoutStep['order'];
  readonly channels: 1 | 3;
  /** In pixels; null where the graph leaves the size free. */
  readonly height: number | null;
  readonly width: number | null;
  /** The fixed batch size; 1 where the graph leaves it free. */
  readonly rows: number;
  /** Whether the shape is unambiguous: a table or spectrogram, too, may have a single channel or no batch dimension. */
  readonly isCertain: boolean;
};

type Dim = number | string | null;
/** A shorter side is more likely a number of features, unless something else shows that it is a photo's. */
const smallestSide = 16;

/** Detected by type and dimensions; null when no dimension order is that of a picture. */
export function findPictureInput({ inputs }: Pick<Graph, 'inputs'>): PictureInput | null {
  const [input, ...others] = inputs;
  if (!input || others.length > 0 || !isPictureType(input.type) || !input.shape) return null;
  const { name, type, shape } = input;
  const order = orderOf(shape);
  if (!order) return null;
  const at = (letter: string): Dim => shape[order.indexOf(letter)] ?? null;
  const side = (dim: Dim): number | null => (isLength(dim) ? dim : null);
  const rows = order.startsWith('N') ? at('N') : null;
  const channels = order.includes('C') && at('C') === 3 ? 3 : 1;
  return {
    name,
    type,
    order,
    channels,
    height: side(at('H')),
    width: side(at('W')),
    rows: isLength(rows) ? rows : 1,
    isCertain: order.length === 4 && channels === 3,
  };
}

/** Prefers three channels over one, and shapes with a batch dimension over those without. */
function orderOf(shape: readonly Dim[]): PictureInput['order'] | null {
  const orders = { 4: ['NCHW', 'NHWC'], 3: ['CHW', 'HWC', 'NHW'], 2: ['HW'] } as const;
  const possible = orders[shape.length as 2 | 3 | 4] ?? [];
  const channelsOf = (order: string): Dim => (order.includes('C') ? shape[order.indexOf('C')]! : 1);
  return (
    possible.find((order) => channelsOf(order) === 3) ??
    possible.find((order) => channelsOf(order) === 1 && areSides(order, shape)) ??
    null
  );
}

/** Without a channel dimension, free sides prove nothing: a table of rows has them too. */
function areSides(order: string, shape: readonly Dim[]): boolean {
  const sides = [shape[order.indexOf('H')]!, shape[order.indexOf('W')]!];
  return sides.every((dim) => (isLength(dim) ? dim >= smallestSide : order.includes('C')));
}
const isLength = (dim: Dim): dim is number => typeof dim === 'number' && dim > 0;

/** Note for a user who did not state the task and got a tensor pack for a model that may take photos. */
export function mayTakePhotos({ name, channels, height, width }: PictureInput): Reason {
  const sides = `${height ?? '?'} × ${width ?? '?'}`;
  return reason(channels === 1 ? 'may-take-photos-of-one-channel' : 'may-take-photos', { name, sides });
}

/** Notes on how photos are fed into this input. */
export function pictureNotes(picture: PictureInput, hasPreset: boolean): readonly Reason[] {
  const { name, type, channels, order, rows } = picture;
  const integers = type === 'int8' ? 'takes-signed-pixels' : 'takes-pixels';
  return [
    ...(integerRange(type) && hasPreset ? [reason(integers, { name, type })] : []),
    ...(channels === 1 ? [reason('takes-luma', { name })] : []),
    ...(order.startsWith('N') ? [] : [reason('takes-no-batch', { name })]),
    ...(rows > 1 ? [reason('takes-fixed-batch', { name, rows })] : []),
  ];
}
