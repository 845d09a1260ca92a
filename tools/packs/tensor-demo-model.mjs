// The bytes of tensor-demo.onnx: sum = a + b, count_out = count. Written as protobuf by hand, since two nodes need no
// package for that. The numbers are the field numbers of onnx.proto: a message is its fields, one after the other.

const float32 = 1;
const int64 = 7;

/** An ONNX model, opset 17, IR version 8, with a free first dimension. */
export function tensorDemoModel() {
  const graph = [
    bytes(1, node('Add', ['a', 'b'], 'sum')),
    bytes(1, node('Identity', ['count'], 'count_out')),
    bytes(2, 'tensor-demo'),
    bytes(11, value('a', float32, ['N', 3])),
    bytes(11, value('b', float32, ['N', 3])),
    bytes(11, value('count', int64, ['N'])),
    bytes(12, value('sum', float32, ['N', 3])),
    bytes(12, value('count_out', int64, ['N'])),
  ];
  const opset = [bytes(1, ''), integer(2, 17)];
  return Buffer.concat([integer(1, 8), bytes(2, 'outpost'), bytes(7, graph), bytes(8, opset)]);
}

function node(op, inputs, output) {
  return [...inputs.map((name) => bytes(1, name)), bytes(2, output), bytes(3, output), bytes(4, op)];
}

function value(name, type, shape) {
  const dims = shape.map((dim) => bytes(1, typeof dim === 'string' ? bytes(2, dim) : integer(1, dim)));
  const tensor = [integer(1, type), bytes(2, dims)];
  return [bytes(1, name), bytes(2, bytes(1, tensor))];
}

/** A field of wire type 2: text, or a message as its fields. */
function bytes(field, content) {
  const body = Array.isArray(content) ? Buffer.concat(content) : Buffer.from(content);
  return Buffer.concat([varint((field << 3) | 2), varint(body.length), body]);
}

function integer(field, number) {
  return Buffer.concat([varint(field << 3), varint(number)]);
}

/** Seven bits a byte, lowest first; the eighth says that there is more. */
function varint(number) {
  const low = number & 127;
  return number < 128 ? Buffer.from([low]) : Buffer.concat([Buffer.from([low | 128]), varint(number >>> 7)]);
}
