import { Root } from 'protobufjs/light.js';
import type { Type } from 'protobufjs/light.js';

/*
 * The part of ONNX's onnx.proto (github.com/onnx/onnx, onnx/onnx.proto, Apache-2.0; field numbers as in IR version 10,
 * which never change) that describes inputs, outputs and external data. Weights are omitted: unknown fields are skipped
 * unread.
 */
const descriptor = {
  nested: {
    onnx: {
      nested: {
        ModelProto: message({
          ir_version: [1, 'int64'],
          producer_name: [2, 'string'],
          producer_version: [3, 'string'],
          domain: [4, 'string'],
          model_version: [5, 'int64'],
          graph: [7, 'GraphProto'],
          opset_import: [8, 'OperatorSetIdProto', 'repeated'],
          metadata_props: [14, 'StringStringEntryProto', 'repeated'],
          training_info: [20, 'TrainingInfoProto', 'repeated'],
          functions: [25, 'FunctionProto', 'repeated'],
        }),
        GraphProto: message({
          node: [1, 'NodeProto', 'repeated'],
          name: [2, 'string'],
          initializer: [5, 'TensorProto', 'repeated'],
          input: [11, 'ValueInfoProto', 'repeated'],
          output: [12, 'ValueInfoProto', 'repeated'],
          sparse_initializer: [15, 'SparseTensorProto', 'repeated'],
        }),
        NodeProto: message({
          input: [1, 'string', 'repeated'],
          output: [2, 'string', 'repeated'],
          op_type: [4, 'string'],
          attribute: [5, 'AttributeProto', 'repeated'],
          domain: [7, 'string'],
        }),
        AttributeProto: message({
          t: [5, 'TensorProto'],
          g: [6, 'GraphProto'],
          tensors: [10, 'TensorProto', 'repeated'],
          graphs: [11, 'GraphProto', 'repeated'],
          sparse_tensor: [22, 'SparseTensorProto'],
          sparse_tensors: [23, 'SparseTensorProto', 'repeated'],
        }),
        FunctionProto: message({
          node: [7, 'NodeProto', 'repeated'],
          attribute_proto: [11, 'AttributeProto', 'repeated'],
        }),
        TrainingInfoProto: message({ initialization: [1, 'GraphProto'], algorithm: [2, 'GraphProto'] }),
        TensorProto: message({
          name: [8, 'string'],
          external_data: [13, 'StringStringEntryProto', 'repeated'],
          data_location: [14, 'int32'],
        }),
        SparseTensorProto: message({ values: [1, 'TensorProto'], indices: [2, 'TensorProto'] }),
        ValueInfoProto: message({ name: [1, 'string'], type: [2, 'TypeProto'] }),
        TypeProto: message({
          tensor_type: [1, 'TensorType'],
          sequence_type: [4, 'TypeOnly'],
          map_type: [5, 'TypeOnly'],
          sparse_tensor_type: [8, 'TypeOnly'],
          optional_type: [9, 'TypeOnly'],
        }),
        TypeOnly: message({}),
        TensorType: message({ elem_type: [1, 'int32'], shape: [2, 'TensorShapeProto'] }),
        TensorShapeProto: message({ dim: [1, 'Dimension', 'repeated'] }),
        Dimension: message({ dim_value: [1, 'int64'], dim_param: [2, 'string'] }),
        StringStringEntryProto: message({ key: [1, 'string'], value: [2, 'string'] }),
        OperatorSetIdProto: message({ domain: [1, 'string'], version: [2, 'int64'] }),
      },
    },
  },
};

export type MessageName = keyof typeof descriptor.nested.onnx.nested;
type WireField = { readonly name: string; readonly type: string };

type Field = readonly [id: number, type: string, rule?: 'repeated'];
function message(fields: Readonly<Record<string, Field>>) {
  const entries = Object.entries(fields).map(([name, [id, type, rule]]) => [
    name,
    { id, type, ...(rule && { rule }) },
  ]);
  return {
    fields: Object.fromEntries(entries) as Record<string, { id: number; type: string; rule?: string }>,
  };
}

const root = Root.fromJSON(descriptor);
const types = new Map<string, Type>();

/** The message type, for messages small enough to be decoded at once. */
export function typeOf(name: MessageName): Type {
  const known = types.get(name) ?? root.lookupType(`onnx.${name}`);
  types.set(name, known);
  return known;
}

const tables = new Map<string, ReadonlyMap<number, WireField>>();

/** A message's fields by number, for streaming through large messages. */
export function fieldsOf(name: MessageName): ReadonlyMap<number, WireField> {
  const known =
    tables.get(name) ??
    new Map(
      Object.entries(descriptor.nested.onnx.nested[name].fields).map(([field, { id, type }]) => [
        id,
        { name: field, type },
      ]),
    );
  tables.set(name, known);
  return known;
}
