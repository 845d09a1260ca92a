import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { readEntry, readOpset, readValue } from '../../../main/packs/graph/values.ts';
import { WireError } from '../../../main/packs/graph/wire.ts';

// Written by a library that knows nothing of the reader.
const { root } = protobuf.parse(
  `
  syntax = "proto2";
  message Dimension { optional int64 dim_value = 1; optional string dim_param = 2; }
  message Shape { repeated Dimension dim = 1; }
  message Tensor { optional int32 elem_type = 1; optional Shape shape = 2; }
  message Sequence { optional Type elem_type = 1; }
  message Type {
    optional Tensor tensor_type = 1; optional Sequence sequence_type = 4; optional Sequence map_type = 5;
    optional Tensor sparse_tensor_type = 8; optional Sequence optional_type = 9; optional string denotation = 6;
  }
  message Value { optional string name = 1; optional Type type = 2; optional string doc_string = 3; }
  message Pair { optional string key = 1; optional string value = 2; }
  message Opset { optional string domain = 1; optional int64 version = 2; }`,
  { keepCase: true },
);
const written = (message: string, content: object): Uint8Array => {
  const type = root.lookupType(message);
  return type.encode(type.fromObject(content)).finish();
};
const value = (type: object): Uint8Array => written('Value', { name: 'x', type, doc_string: 'said' });

describe('a value of a graph', () => {
  it('has its element type and dimensions: numbers, names, and what nobody knows', () => {
    const dim = [{ dim_value: 1 }, { dim_param: 'height' }, {}, { dim_value: -1 }, { dim_value: 0 }];
    expect(readValue(value({ tensor_type: { elem_type: 10, shape: { dim } } }))).toEqual({
      name: 'x',
      kind: 'tensor',
      type: 'float16',
      shape: [1, 'height', null, null, 0],
    });
  });

  it('tells a scalar from a tensor of unknown rank', () => {
    expect(readValue(value({ tensor_type: { elem_type: 1, shape: {} } })).shape).toEqual([]);
    expect(readValue(value({ tensor_type: { elem_type: 1 } })).shape).toBeNull();
  });

  it('names the number of an element type that has no name', () => {
    expect(readValue(value({ tensor_type: { elem_type: 99 } })).type).toBe('type 99');
    expect(readValue(value({ tensor_type: {} })).type).toBe('undefined');
  });

  it.each([
    ['sequence', { sequence_type: { elem_type: { tensor_type: { elem_type: 1 } } } }],
    ['map', { map_type: {} }],
    ['sparse tensor', { sparse_tensor_type: { elem_type: 1 } }],
    ['optional', { optional_type: {} }],
    ['unknown', { denotation: 'IMAGE' }],
  ])('that is a %s has neither', (kind, type) => {
    expect(readValue(value(type))).toEqual({ name: 'x', kind, type: null, shape: null });
  });

  it('in two parts is one, as protobuf has it', () => {
    const shape = { dim: [{ dim_value: 2 }] };
    const parts = [value({ tensor_type: { elem_type: 1 } }), value({ tensor_type: { shape } })];
    expect(readValue(Buffer.concat(parts))).toMatchObject({ type: 'float32', shape: [2] });
  });
});

it('an operator set has its version; ONNX’s own domain has two names', () => {
  expect(readOpset(written('Opset', { domain: 'com.microsoft', version: 1 }))).toEqual(['com.microsoft', 1]);
  expect(readOpset(written('Opset', { domain: 'ai.onnx', version: 21 }))).toEqual(['', 21]);
  expect(readOpset(written('Opset', {}))).toEqual(['', 0]);
});

it('an entry is read in UTF-8', () => {
  expect(readEntry(written('Pair', { key: 'names', value: 'Fuchs, Dachs, Wölfe' }))).toEqual([
    'names',
    'Fuchs, Dachs, Wölfe',
  ]);
});

it('what breaks off is named', () => {
  const whole = value({ tensor_type: { elem_type: 1 } });
  expect(() => readValue(whole.subarray(0, whole.byteLength - 1))).toThrow(WireError);
  expect(() => readValue(whole.subarray(0, whole.byteLength - 1))).toThrow(/ValueInfoProto/u);
});
