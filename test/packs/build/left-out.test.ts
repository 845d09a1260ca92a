import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unpack } from '../../../main/packs/build/index.ts';
import { onnxModel } from '../../fixtures/onnx-builder.ts';
import type { Value } from '../../fixtures/onnx-builder.ts';
import { appVersion, faultOf, tempFolder } from '../fixture.ts';
import { build, buildWithoutRunning, requestFor } from './fixture.ts';

const x: Value = { name: 'x', type: 'float32', shape: ['N', 3] };
const best: Value = { name: 'best', type: 'int64', shape: ['N'] };
const zipped: Value = { name: 'zipped', type: 'float32', shape: [], list: 'maps' };
const listed: Value = { name: 'listed', type: 'float32', shape: ['N', 3], list: 'tensors' };
const nodes = [
  { op: 'ArgMax', inputs: ['x'], outputs: ['best'], attributes: { axis: 1, keepdims: 0 } },
  { op: 'Softmax', inputs: ['x'], outputs: ['scores'], attributes: { axis: 1 } },
];
const zip = {
  op: 'ZipMap',
  domain: 'ai.onnx.ml',
  inputs: ['scores'],
  outputs: ['zipped'],
  attributes: { classlabels_int64s: [0, 1, 2] },
};
const construct = { op: 'SequenceConstruct', inputs: ['x', 'scores'], outputs: ['listed'] };
const asked = {
  kind: 'tensors',
  name: 'Asked',
  tensors: [
    {
      name: 'x',
      type: 'float32',
      dims: [2, 3],
      data: new Uint8Array(new Float32Array([1, 2, 3, 6, 5, 4]).buffer),
    },
  ],
} as const;

function written(outputs: readonly Value[]): string {
  const file = join(tempFolder(), 'lists.onnx');
  writeFileSync(file, onnxModel({ nodes: [...nodes, zip, construct], inputs: [x], outputs }));
  return file;
}

describe('outputs that are lists or maps', () => {
  it('are left out beside tensors, each named with its operator; the tensors answer', async () => {
    const request = requestFor(written([best, zipped, listed]), { golden: [asked] });
    const built = await build(request);
    expect(built.manifest.outputs).toEqual([best]);
    expect(built.golden).toBe(1);
    expect(built.notes.join('\n')).toMatch(
      /zipped is a sequence made by ai\.onnx\.ml\.ZipMap.*left out.*"zipmap": False/u,
    );
    expect(built.notes.join('\n')).toMatch(/listed is a sequence made by SequenceConstruct.*left out/u);
    const folder = join(tempFolder(), 'pack');
    expect((await unpack(request.out, folder, appVersion)).ok).toBe(true);
    expect(readFileSync(join(folder, 'card.md'), 'utf8')).toContain('zipped is a sequence');
  });

  it('are refused where there is nothing else, with the operator and the way on', async () => {
    const { code, message } = faultOf(await buildWithoutRunning(requestFor(written([zipped]))));
    expect(code).toBe('onnx-unfit');
    expect(message).toMatch(
      /gives no tensor: zipped is a sequence made by ai\.onnx\.ml\.ZipMap.*"zipmap": False/u,
    );
  });
});
