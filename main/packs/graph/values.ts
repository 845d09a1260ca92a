import { fieldsIn, numberIn, partsIn, textIn } from '../../lib/proto-fields.ts';
import type { GraphValue } from './graph.ts';
import { WireError } from './wire.ts';
import { detail, reason } from '../../../contract/faults/reasons.ts';

/** Names of TensorProto.DataType by number. */
const elementNames = [
  'undefined',
  'float32',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'int32',
  'int64',
  'string',
  'bool',
  'float16',
  'float64',
  'uint32',
  'uint64',
  'complex64',
  'complex128',
  'bfloat16',
  'float8e4m3fn',
  'float8e4m3fnuz',
  'float8e5m2',
  'float8e5m2fnuz',
  'uint4',
  'int4',
  'float4e2m1',
];

/** Fields of TypeProto. */
const types: readonly { readonly number: number; readonly kind: GraphValue['kind'] }[] = [
  { number: 1, kind: 'tensor' },
  { number: 4, kind: 'sequence' },
  { number: 5, kind: 'map' },
  { number: 8, kind: 'sparse tensor' },
  { number: 9, kind: 'optional' },
];
const typeOf = (field: { readonly number: number }) => types.find(({ number }) => number === field.number);

/** A ValueInfoProto. Throws a WireError, as the others do, for what is no protobuf. */
export const readValue = (bytes: Uint8Array): GraphValue =>
  named('ValueInfoProto', () => {
    const name = textIn(bytes, 1);
    const type = merged(bytes, 2);
    const kind = [...fieldsIn(type)].flatMap((field) => typeOf(field) ?? []).at(-1)?.kind ?? 'unknown';
    if (kind !== 'tensor') return { name, kind, type: null, shape: null };
    const tensor = merged(type, 1);
    const code = numberIn(tensor, 1) ?? 0;
    const shapes = partsIn(tensor, 2);
    const dimensions = shapes.flatMap((shape) => partsIn(shape, 1)).map(dimensionOf);
    return {
      name,
      kind,
      type: elementNames[code] ?? `type ${code}`,
      shape: shapes.length === 0 ? null : dimensions,
    };
  });

/** A StringStringEntryProto. */
export const readEntry = (bytes: Uint8Array): readonly [string, string] =>
  named('StringStringEntryProto', () => [textIn(bytes, 1), textIn(bytes, 2)]);

/** An OperatorSetIdProto. */
export const readOpset = (bytes: Uint8Array): readonly [string, number] =>
  named('OperatorSetIdProto', () => {
    const domain = textIn(bytes, 1);
    return [domain === 'ai.onnx' ? '' : domain, numberIn(bytes, 2) ?? 0];
  });

function dimensionOf(dimension: Uint8Array): number | string | null {
  const value = numberIn(dimension, 1) ?? -1;
  return value >= 0 ? value : textIn(dimension, 2) || null;
}

/** A message of which a file may have several parts: protobuf takes them as one. */
const merged = (message: Uint8Array, number: number): Uint8Array => Buffer.concat(partsIn(message, number));

function named<Value>(name: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new WireError(reason('part-unreadable', { part: name, detail: detail((error as Error).message) }));
  }
}
