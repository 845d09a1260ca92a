import { z } from 'zod';

/** The supported ONNX element types, by their ONNX names. */
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

/** Whether values of these types are taken for each other: a variant may store a model's floats in half the bits, and a worker converts them. */
export const areAlike = (one: string, other: string): boolean =>
  one === other || [one, other].every((type) => type === 'float32' || type === 'float16');

/** Bytes per element; strings have no fixed size and are encoded as UTF-8, each after a little-endian uint32 length. */
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

/** Bytes per element; null for strings, whose size varies. */
export const bytesPerElement = (type: ElementType): number | null =>
  type === 'string' ? null : elementBytes[type];

/** A named tensor: `data` is row-major, little-endian, and holds exactly the product of `dims` elements (zero is allowed). */
export type TensorBytes = {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: Uint8Array;
};

/** Name, element type and shape as declared by the graph; a string or -1 in `shape` is a free dimension. */
export const TensorSpec = z.strictObject({
  name: z.string().min(1),
  type: ElementType,
  shape: z.array(z.union([z.number().int(), z.string()])),
});
export type TensorSpec = z.infer<typeof TensorSpec>;

type Dim = TensorSpec['shape'][number];

/** Whether a dimension of a declared shape is fixed. */
export const isFixed = (dim: Dim): dim is number => typeof dim === 'number' && dim >= 0;

/** A dimension for clients: a named free one becomes -1. */
export const plainDim = (dim: Dim): number => (typeof dim === 'string' ? -1 : dim);

/** Whether a tensor with these dimensions fits the declared shape. */
export const fitsShape = (dims: readonly number[], shape: readonly Dim[]): boolean =>
  dims.length === shape.length && shape.every((dim, axis) => !isFixed(dim) || dim === dims[axis]);

/** The same, also with fewer rows: a worker fills them up where the first dimension counts rows, and refuses them elsewhere. */
export const fitsRows = (dims: readonly number[], shape: readonly Dim[]): boolean =>
  fitsShape(dims, shape) ||
  (dims[0]! > 0 && dims[0]! < Number(shape[0]) && fitsShape(dims, [dims[0]!, ...shape.slice(1)]));

/** Names of a model's inputs, for a fault. */
export const takenNames = (inputs: readonly { readonly name: string }[]): string =>
  inputs.map(({ name }) => name).join(', ') || 'no inputs';

/** Those of these names, in the order of the names; names that are not there are passed over. */
export function pickTensors(
  tensors: readonly TensorBytes[],
  names: readonly string[],
): readonly TensorBytes[] {
  const isAsAsked = names.length === tensors.length && tensors.every(({ name }, at) => name === names[at]);
  if (isAsAsked) return tensors;
  return names.flatMap((name) => tensors.find((tensor) => tensor.name === name) ?? []);
}
