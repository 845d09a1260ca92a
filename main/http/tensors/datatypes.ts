import { elementBytes } from '../../../contract/tensor.ts';
import type { ElementType } from '../../../contract/tensor.ts';

/** Datatypes of the Open Inference Protocol v2 that this server speaks. */
export const datatypes = [
  'BOOL',
  'UINT8',
  'UINT16',
  'UINT32',
  'UINT64',
  'INT8',
  'INT16',
  'INT32',
  'INT64',
  'FP16',
  'BF16',
  'FP32',
  'FP64',
  'BYTES',
] as const;
export type Datatype = (typeof datatypes)[number];

/** The protocol's name of an element type. */
export function datatypeOf(type: ElementType): Datatype {
  return names[type];
}

/** The element type of a datatype as a request writes it; null for one that is not spoken. */
export function elementTypeOf(datatype: string): ElementType | null {
  return types.get(datatype) ?? null;
}

/** Bytes of one element; null where every element has its own length (BYTES). */
export function bytesPerElement(type: ElementType): number | null {
  return type === 'string' ? null : elementBytes[type];
}

const names: Readonly<Record<ElementType, Datatype>> = {
  float32: 'FP32',
  float64: 'FP64',
  float16: 'FP16',
  bfloat16: 'BF16',
  int8: 'INT8',
  uint8: 'UINT8',
  int16: 'INT16',
  uint16: 'UINT16',
  int32: 'INT32',
  uint32: 'UINT32',
  int64: 'INT64',
  uint64: 'UINT64',
  bool: 'BOOL',
  string: 'BYTES',
};

const types: ReadonlyMap<string, ElementType> = new Map(
  Object.entries(names).map(([type, name]) => [name, type as ElementType]),
);
