import type { ElementType } from './tensor.ts';

/** Datatypes of the Open Inference Protocol v2, by ONNX element types. */
const names = {
  bool: 'BOOL',
  uint8: 'UINT8',
  uint16: 'UINT16',
  uint32: 'UINT32',
  uint64: 'UINT64',
  int8: 'INT8',
  int16: 'INT16',
  int32: 'INT32',
  int64: 'INT64',
  float16: 'FP16',
  bfloat16: 'BF16',
  float32: 'FP32',
  float64: 'FP64',
  string: 'BYTES',
} as const satisfies Readonly<Record<ElementType, string>>;
type Datatype = (typeof names)[ElementType];
export const datatypes: readonly Datatype[] = Object.values(names);

/** The protocol's name of an element type. */
export const datatypeOf = (type: ElementType): Datatype => names[type];

/** The element type of a datatype in a request; null for an unsupported one. */
export const elementTypeOf = (datatype: string): ElementType | null => types.get(datatype) ?? null;

const types: ReadonlyMap<string, ElementType> = new Map(
  Object.entries(names).map(([type, name]) => [name, type as ElementType]),
);
