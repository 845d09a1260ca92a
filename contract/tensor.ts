import { z } from 'zod';

/** ONNX element types that are carried, by their ONNX names. */
export const elementTypes = [
  'float32',
  'float64',
  'float16',
  'bfloat16',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'bool',
  'string',
] as const;
export const ElementType = z.enum(elementTypes);
export type ElementType = z.infer<typeof ElementType>;

/** Bytes per element; strings have no fixed width and travel as UTF-8, each behind a little-endian uint32 length. */
export const elementBytes: Readonly<Record<Exclude<ElementType, 'string'>, number>> = {
  float32: 4,
  float64: 8,
  float16: 2,
  bfloat16: 2,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  bool: 1,
};

/** Bytes of one element; null where every element has its own length (strings). */
export const bytesPerElement = (type: ElementType): number | null =>
  type === 'string' ? null : elementBytes[type];

/** A named tensor: `data` is row-major, little-endian, and holds exactly the product of `dims` elements (zero is allowed). */
export type TensorBytes = {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: Uint8Array;
};

/** Name, element type and shape as the graph declares them; a string or -1 in `shape` is a free dimension. */
export const TensorSpec = z.strictObject({
  name: z.string().min(1),
  type: ElementType,
  shape: z.array(z.union([z.number().int(), z.string()])),
});
export type TensorSpec = z.infer<typeof TensorSpec>;

type Dim = TensorSpec['shape'][number];

/** A dimension of a declared shape that is not free. */
export const isFixed = (dim: Dim): dim is number => typeof dim === 'number' && dim >= 0;

/** A dimension as clients read it: a free one without its name, as -1. */
export const plainDim = (dim: Dim): number => (typeof dim === 'string' ? -1 : dim);

/** Whether a tensor of these dimensions may be given where this shape is declared. */
export const fitsShape = (dims: readonly number[], shape: readonly Dim[]): boolean =>
  dims.length === shape.length && shape.every((dim, axis) => !isFixed(dim) || dim === dims[axis]);

/** Names of what a model takes, for a fault. */
export const takenNames = (inputs: readonly { readonly name: string }[]): string =>
  inputs.map(({ name }) => name).join(', ') || 'no inputs';
