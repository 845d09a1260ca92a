import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ElementType } from '../../contract/tensors/tensor.ts';
import { identityModel } from '../fixtures/onnx-builder.ts';
import { newFolder } from '../temp/folder.ts';

const elementTypes: readonly ElementType[] = [
  ...(['float16', 'float32', 'float64', 'bool', 'string'] as const),
  ...(['int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'uint64'] as const),
];

/** A folder of bare ONNX files, `same-<type>/1/model.onnx` for every element type, that give `x` [N, M] back as `y`. */
export function writeIdentities(): string {
  const folder = newFolder('identities');
  for (const type of elementTypes) {
    const place = path.join(folder, `same-${type}`, '1');
    mkdirSync(place, { recursive: true });
    writeFileSync(path.join(place, 'model.onnx'), identityModel(type, ['N', 'M']));
  }
  return folder;
}
