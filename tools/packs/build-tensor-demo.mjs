// Writes models/tensor-demo: the model, golden tensors, a sample, manifest.json. `--check` compares only.
import { join, resolve } from 'node:path';
import { json, listFiles, settle } from './pack.mjs';
import { tensorDemoModel } from './tensor-demo-model.mjs';

const folder = join(resolve(import.meta.dirname, '../..'), 'models/tensor-demo');

// Every number is exact in float32, so the sum is exact too; the counts lie beyond what a double holds.
const rows = 4;
const a = [1, 2, 3, -0.5, 0.25, 1024, 0, -7, 1e6, 3.5, -2.25, 8];
const b = [10, 20, 30, 0.5, 0.75, -1024, 0, 7, 1, 0.5, 0.25, -8];
const counts = [0n, -1n, 9007199254740993n, 9223372036854775807n];
const sum = a.map((value, index) => value + b[index]);

const floats = (values) => bytes(values, 4, (buffer, value, at) => buffer.writeFloatLE(value, at));
const integers = (values) => bytes(values, 8, (buffer, value, at) => buffer.writeBigInt64LE(value, at));

const row = (name) => ({ name, type: 'float32', shape: ['N', 3] });
const column = (name) => ({ name, type: 'int64', shape: ['N'] });

const golden = {
  cases: [
    {
      kind: 'tensors',
      name: 'four rows, counts beyond 2^53',
      inputs: [
        { name: 'a', type: 'float32', dims: [rows, 3], file: 'golden/a.f32' },
        { name: 'b', type: 'float32', dims: [rows, 3], file: 'golden/b.f32' },
        { name: 'count', type: 'int64', dims: [rows], file: 'golden/count.i64' },
      ],
      outputs: [
        { name: 'sum', type: 'float32', dims: [rows, 3], file: 'golden/sum.f32', toleranceAbs: 1e-6 },
        { name: 'count_out', type: 'int64', dims: [rows], file: 'golden/count.i64', toleranceAbs: 0 },
      ],
      variants: ['fp32'],
    },
  ],
};

// Values of 64 bits are strings of digits: a JSON number would lose the last ones.
const sample = {
  inputs: [
    { name: 'a', type: 'float32', dims: [rows, 3], data: a },
    { name: 'b', type: 'float32', dims: [rows, 3], data: b },
    { name: 'count', type: 'int64', dims: [rows], data: counts.map(String) },
  ],
};

settle([
  [join(folder, 'tensor-demo.onnx'), tensorDemoModel()],
  [join(folder, 'golden/a.f32'), floats(a)],
  [join(folder, 'golden/b.f32'), floats(b)],
  [join(folder, 'golden/count.i64'), integers(counts)],
  [join(folder, 'golden/sum.f32'), floats(sum)],
  [join(folder, 'golden/golden.json'), json(golden)],
  [join(folder, 'samples/four-rows.json'), json(sample)],
  [join(folder, 'manifest.json'), () => json(manifest())],
]);

function manifest() {
  return {
    format: 1,
    id: 'tensor-demo',
    version: '1.0.0',
    title: 'Tensor demo',
    summary:
      'Adds two tables of numbers and hands a column of counts through: shows how raw tensors go in and out.',
    task: 'tensor',
    licence: 'Apache-2.0',
    minimumAppVersion: '0.1.0',
    opset: 17,
    files: listFiles(folder),
    variants: [{ name: 'fp32', file: 'tensor-demo.onnx', providers: ['cpu'] }],
    inputs: [row('a'), row('b'), column('count')],
    outputs: [row('sum'), column('count_out')],
    card: 'card.md',
    golden: 'golden/golden.json',
    samples: [{ file: 'samples/four-rows.json', title: 'Four rows' }],
    provenance: { source: 'Made for Outpost.' },
  };
}

function bytes(values, width, write) {
  const buffer = Buffer.alloc(values.length * width);
  for (const [index, value] of values.entries()) write(buffer, value, index * width);
  return buffer;
}
