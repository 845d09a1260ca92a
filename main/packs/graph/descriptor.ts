/*
 * The part of ONNX's onnx.proto (github.com/onnx/onnx, onnx/onnx.proto, Apache-2.0; field numbers as in IR version 10,
 * which never change) that is streamed through. Weights are omitted: unknown fields are skipped unread.
 */
const messages = {
  ModelProto: {
    ir_version: [1, 'int64'],
    producer_name: [2, 'string'],
    producer_version: [3, 'string'],
    domain: [4, 'string'],
    model_version: [5, 'int64'],
    graph: [7, 'GraphProto'],
    opset_import: [8, 'OperatorSetIdProto'],
    metadata_props: [14, 'StringStringEntryProto'],
    training_info: [20, 'TrainingInfoProto'],
    functions: [25, 'FunctionProto'],
  },
  GraphProto: {
    node: [1, 'NodeProto'],
    name: [2, 'string'],
    initializer: [5, 'TensorProto'],
    input: [11, 'ValueInfoProto'],
    output: [12, 'ValueInfoProto'],
    sparse_initializer: [15, 'SparseTensorProto'],
  },
  NodeProto: {
    input: [1, 'string'],
    output: [2, 'string'],
    op_type: [4, 'string'],
    attribute: [5, 'AttributeProto'],
    domain: [7, 'string'],
  },
  AttributeProto: {
    t: [5, 'TensorProto'],
    g: [6, 'GraphProto'],
    tensors: [10, 'TensorProto'],
    graphs: [11, 'GraphProto'],
    sparse_tensor: [22, 'SparseTensorProto'],
    sparse_tensors: [23, 'SparseTensorProto'],
  },
  FunctionProto: { node: [7, 'NodeProto'], attribute_proto: [11, 'AttributeProto'] },
  TrainingInfoProto: { initialization: [1, 'GraphProto'], algorithm: [2, 'GraphProto'] },
  TensorProto: {
    name: [8, 'string'],
    external_data: [13, 'StringStringEntryProto'],
    data_location: [14, 'int32'],
  },
  SparseTensorProto: { values: [1, 'TensorProto'], indices: [2, 'TensorProto'] },
  StringStringEntryProto: { key: [1, 'string'], value: [2, 'string'] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly [id: number, type: string]>>>>;

export type MessageName = keyof typeof messages;
type WireField = { readonly name: string; readonly isNumber: boolean };

const tables: ReadonlyMap<string, ReadonlyMap<number, WireField>> = new Map(
  Object.entries(messages).map(([name, fields]) => [
    name,
    new Map(
      Object.entries(fields).map(([field, [id, type]]) => [
        id,
        { name: field, isNumber: type.startsWith('int') },
      ]),
    ),
  ]),
);

/** A message's fields by number, for streaming through large messages. */
export const fieldsOf = (name: MessageName): ReadonlyMap<number, WireField> => tables.get(name)!;
