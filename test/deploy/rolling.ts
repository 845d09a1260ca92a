import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import { makeVersion } from '../fixtures/versions.ts';

/** The operator of each version of the model. */
export const operators = { '1.0.0': 'Add', '2.0.0': 'Sub', '3.0.0': 'Max' } as const;

/** The graph of the shipped demo with another operator in it. */
const calculates = (operator: string): Buffer =>
  onnxModel({
    nodes: [
      { op: operator, inputs: ['a', 'b'], outputs: ['sum'] },
      { op: 'Identity', inputs: ['count'], outputs: ['count_out'] },
    ],
    inputs: [
      { name: 'a', type: 'float32', shape: ['N', 3] },
      { name: 'b', type: 'float32', shape: ['N', 3] },
      { name: 'count', type: 'int64', shape: ['N'] },
    ],
    outputs: [
      { name: 'sum', type: 'float32', shape: ['N', 3] },
      { name: 'count_out', type: 'int64', shape: ['N'] },
    ],
  });

/** A version of the model, beside those that are there, under a name of its own, with one rename: nothing that a node reads is touched. */
export function placeRolling(models: string, version: keyof typeof operators): void {
  const home = join(models, 'rolling');
  mkdirSync(home, { recursive: true });
  const draft = `${models}-draft`;
  makeVersion(draft, {
    version,
    files: { 'tensor-demo.onnx': () => calculates(operators[version]) },
    // What the shipped model answers is not what this one does.
    change: ({ golden: _golden, ...manifest }) => ({ ...manifest, id: 'rolling' }),
  });
  const digest = createHash('sha256')
    .update(readFileSync(join(draft, 'manifest.json')))
    .digest('hex');
  renameSync(draft, join(home, `${version}-${digest.slice(0, 12)}`));
}
