import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { unpack } from '../../../main/packs/build/index.ts';
import type { BuildRequest } from '../../../main/packs/build/index.ts';
import { onnxModel } from '../../fixtures/onnx-builder.ts';
import type { Graph, Node, Value } from '../../fixtures/onnx-builder.ts';
import { appVersion, faultOf, tempFolder } from '../fixture.ts';
import { build, buildWithoutRunning, requestFor } from './fixture.ts';

const x: Value = { name: 'x', type: 'float32', shape: ['N', 3] };
const best: Value = { name: 'best', type: 'int64', shape: ['N'] };
const zipped: Value = { name: 'zipped', type: 'float32', shape: [], list: 'maps' };
const listed: Value = { name: 'listed', type: 'float32', shape: ['N', 3], list: 'tensors' };
const nodes: readonly Node[] = [
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

function written(outputs: readonly Value[], more: Partial<Graph> = {}): string {
  const file = join(tempFolder(), 'lists.onnx');
  writeFileSync(file, onnxModel({ nodes: [...nodes, zip, construct], inputs: [x], outputs, ...more }));
  return file;
}

/** What the golden tensor was answered with, by output, and the labels. */
async function contentOf(request: BuildRequest) {
  const folder = join(tempFolder(), 'pack');
  expect((await unpack(request.out, folder, appVersion)).ok).toBe(true);
  const golden = (output: string) => {
    const bytes = readFileSync(join(folder, `golden/asked-fp32-${output}.f32`));
    return [...new Float32Array(new Uint8Array(bytes).buffer)];
  };
  const labels = join(folder, 'labels.json');
  return {
    folder,
    golden,
    labels: existsSync(labels)
      ? (JSON.parse(readFileSync(labels, 'utf8')) as { name: string }[]).map(({ name }) => name)
      : null,
  };
}
const softmax = [0.09003057, 0.24472848, 0.66524094, 0.66524094, 0.24472848, 0.09003057];
const near = (values: readonly number[]) => values.map((value) => expect.closeTo(value, 6) as number);

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
      /gives no tensor: zipped is a sequence made by ai\.onnx\.ml\.ZipMap.*"zipmap": False.*pack build --cut-tails.*before ai\.onnx\.ml\.ZipMap/u,
    );
  });
});

describe('outputs that are lists or maps, with --cut-tails', () => {
  it('give way to the tensor before them where there is nothing else, and the classes are the labels', async () => {
    const classes = { ...zip, attributes: { classlabels_int64s: [-1, 0, 7] } };
    const model = written([zipped], { nodes: [...nodes, classes, construct] });
    const request = requestFor(model, { golden: [asked], cutTails: true });
    const built = await build(request);
    expect(built.manifest.outputs).toEqual([{ name: 'scores', type: 'float32', shape: [-1, -1] }]);
    expect(built.notes.join('\n')).toMatch(
      /--cut-tails: the output zipped was cut off before ai\.onnx\.ml\.ZipMap; scores is given instead/u,
    );
    const { golden, labels, folder } = await contentOf(request);
    expect(golden('scores')).toEqual(near(softmax));
    expect(labels).toEqual(['-1', '0', '7']);
    const cut = readFileSync(join(folder, 'lists.onnx'));
    expect([cut.includes('ZipMap'), cut.includes('SequenceConstruct')]).toEqual([false, true]);
  });

  it('give way beside tensors too, behind an Identity, each tensor once', async () => {
    const hidden: Value = { ...listed, name: 'hidden' };
    const identity = { op: 'Identity', inputs: ['listed'], outputs: ['hidden'] };
    const model = written([best, zipped, hidden], { nodes: [...nodes, zip, construct, identity] });
    const request = requestFor(model, { golden: [asked], cutTails: true });
    const built = await build(request);
    expect(built.manifest.outputs.map(({ name }) => name)).toEqual(['best', 'scores', 'x']);
    const { golden, folder } = await contentOf(request);
    expect([golden('scores'), golden('x')]).toEqual([near(softmax), [1, 2, 3, 6, 5, 4]]);
    const cut = readFileSync(join(folder, 'lists.onnx'));
    expect(['ZipMap', 'SequenceConstruct', 'Identity'].filter((op) => cut.includes(op))).toEqual([]);
  });

  it('stay refused where no tensor is before them, and nothing changes where there is nothing to cut', async () => {
    const empty = { op: 'SequenceEmpty', inputs: [], outputs: ['listed'] };
    const model = written([listed], { nodes: [...nodes, empty] });
    const refused = faultOf(await buildWithoutRunning(requestFor(model, { cutTails: true })));
    expect(refused.message).toMatch(/listed is a sequence made by SequenceEmpty.*tensors as outputs/u);
    expect(refused.message).not.toContain('--cut-tails');
    const plain = await build(requestFor(written([best], { nodes }), { cutTails: true, golden: [asked] }));
    expect(plain.notes.join('\n')).toContain('nothing to cut');
  });
});
