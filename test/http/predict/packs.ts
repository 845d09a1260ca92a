import type { TensorSpec } from '../../../contract/tensors/tensor.ts';
import { writeTensorPack } from '../../fixtures/tensor-pack.ts';
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
  writeTensorPack(folder, 'people', { nodes, inputs, outputs }, { version: '1.2.3', title: 'People' });
  return folder;
}
