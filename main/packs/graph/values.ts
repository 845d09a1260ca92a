import { typeOf } from './descriptor.ts';
import type { GraphValue } from './graph.ts';
import { WireError } from './wire.ts';
import { detail, reason } from '../../../contract/reasons.ts';

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

type RawValue = {
  readonly name?: string;
  readonly type?: {
    readonly tensor_type?: {
      readonly elem_type?: number;
      readonly shape?: { readonly dim?: readonly { dim_value?: number; dim_param?: string }[] };
    };
    readonly sequence_type?: object;
    readonly map_type?: object;
    readonly sparse_tensor_type?: object;
    readonly optional_type?: object;
  };
};

export function readValue(bytes: Uint8Array): GraphValue {
  const { name = '', type = {} } = decode('ValueInfoProto', bytes) as RawValue;
  const tensor = type.tensor_type;
  if (!tensor) return { name, kind: kindOf(type), type: null, shape: null };
  const code = tensor.elem_type ?? 0;
  return {
    name,
    kind: 'tensor',
    type: elementNames[code] ?? `type ${code}`,
    shape:
      tensor.shape === undefined
        ? null
        : (tensor.shape.dim ?? []).map(({ dim_value: value, dim_param: label }) =>
            value !== undefined && value >= 0 ? value : label ? label : null,
          ),
  };
}

export function readEntry(bytes: Uint8Array): readonly [string, string] {
  const { key = '', value = '' } = decode('StringStringEntryProto', bytes) as {
    key?: string;
    value?: string;
  };
  return [key, value];
}

export function readOpset(bytes: Uint8Array): readonly [string, number] {
  const { domain = '', version = 0 } = decode('OperatorSetIdProto', bytes) as {
    domain?: string;
    version?: number;
  };
  return [domain === 'ai.onnx' ? '' : domain, version];
}

function kindOf(type: NonNullable<RawValue['type']>): GraphValue['kind'] {
  if (type.sequence_type) return 'sequence';
  if (type.map_type) return 'map';
  if (type.sparse_tensor_type) return 'sparse tensor';
  return type.optional_type ? 'optional' : 'unknown';
}

function decode(name: 'ValueInfoProto' | 'StringStringEntryProto' | 'OperatorSetIdProto', bytes: Uint8Array) {
  const type = typeOf(name);
  try {
    return type.toObject(type.decode(bytes), { longs: Number });
  } catch (error) {
    throw new WireError(reason('part-unreadable', { part: name, detail: detail((error as Error).message) }));
  }
}
