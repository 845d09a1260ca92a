import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Manifest } from '../../../contract/manifest.ts';
import type { TensorSpec } from '../../../contract/tensor.ts';
import { onnxModel } from '../../fixtures/onnx-builder.ts';
import { newFolder } from '../../temp/folder.ts';

const column = (name: string, type: TensorSpec['type']): TensorSpec => ({ name, type, shape: ['N', 1] });

const inputs = [
  column('age', 'int64'),
  column('height', 'float32'),
  column('city', 'string'),
  column('left-handed', 'bool'),
];

/** A folder with one pack, `people`: each column of a table comes out as `<name>_out`. */
export function writePeople(): string {
  const folder = newFolder('people');
  const outputs = inputs.map((input) => ({ ...input, name: `${input.name}_out` }));
  const nodes = inputs.map(({ name }) => ({ op: 'Identity', inputs: [name], outputs: [`${name}_out`] }));
  const model = onnxModel({ nodes, inputs, outputs });
  const place = path.join(folder, 'people');
  mkdirSync(place);
  writeFileSync(path.join(place, 'model.onnx'), model);
  const sha256 = createHash('sha256').update(model).digest('hex');
  const manifest = Manifest.parse({
    format: 1,
    id: 'people',
    version: '1.2.3',
    title: 'People',
    summary: 'Of the tests.',
    task: 'tensor',
    licence: 'Apache-2.0',
    minimumAppVersion: '0.1.0',
    opset: 17,
    files: [{ path: 'model.onnx', size: model.byteLength, sha256 }],
    variants: [{ name: 'fp32', file: 'model.onnx', providers: ['cpu'] }],
    inputs,
    outputs,
  });
  writeFileSync(path.join(place, 'manifest.json'), JSON.stringify(manifest));
  return folder;
}
