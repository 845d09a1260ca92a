import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeOutpack } from '../../../main/packs/archive/write.ts';
import { readManifest } from '../../../main/packs/manifest.ts';
import { stageArchive, stageFolder } from '../../../main/packs/pack-store/stage.ts';
import { onnxModel } from '../../fixtures/onnx-builder.ts';
import type { Value } from '../../fixtures/onnx-builder.ts';
import { appVersion, faultOf, openPack, tempFolder, writePack } from '../fixture.ts';
import type { RawManifest } from '../fixture.ts';
import { model } from '../onnx-parts.ts';

const x: Value = { name: 'x', type: 'float32', shape: ['N', 2] };
const y: Value = { name: 'y', type: 'float32', shape: ['N', 2] };
const graph = (inputs: readonly Value[], outputs: readonly Value[]) =>
  onnxModel({
    nodes: outputs.map(({ name }) => ({ op: 'Identity', inputs: [inputs[0]!.name], outputs: [name] })),
    inputs,
    outputs,
  }).toString('latin1');
const declares = (inputs: readonly Value[], outputs: readonly Value[]) => (manifest: RawManifest) => ({
  ...manifest,
  inputs,
  outputs,
});
const labelled = (manifest: RawManifest) => ({
  ...manifest,
  outputs: [y],
  labels: 'labels.json',
  postprocessing: [{ op: 'softmax', output: 'y' }],
});
const oneLabel = JSON.stringify([{ index: 0, id: 'a', name: 'a' }]);
const sequence = model({
  inputs: [{ name: 'x', elem: 1, dims: ['N', 2] }],
  outputs: [{ name: 'y', elem: 16, dims: ['N', 2] }],
}).toString('latin1');

const cases: readonly (readonly [
  string,
  Readonly<Record<string, string>>,
  (m: RawManifest) => RawManifest,
  RegExp,
])[] = [
  [
    'an input that the graph does not have',
    { 'model.onnx': graph([x], [y]) },
    declares([{ ...x, name: 'pixels' }], [y]),
    /the graph has the input x, which the manifest does not name/u,
  ],
  [
    'an input that the manifest leaves out',
    { 'model.onnx': graph([x, { ...x, name: 'mask' }], [y]) },
    declares([x], [y]),
    /input mask, which the manifest does not name/u,
  ],
  [
    'another type of an input',
    { 'model.onnx': graph([x], [y]) },
    declares([{ ...x, type: 'float64' }], [y]),
    /input x is float64 by the manifest and float32 by the graph/u,
  ],
  [
    'another type of an output',
    { 'model.onnx': graph([x], [{ ...y, type: 'float16' }]) },
    declares([x], [y]),
    /output y is float32 by the manifest and float16 by the graph/u,
  ],
  [
    'another shape',
    { 'model.onnx': graph([x], [y]) },
    declares([x], [{ ...y, shape: ['N', 7] }]),
    /output y is N × 7 by the manifest and N × 2 by the graph/u,
  ],
  [
    'another rank',
    { 'model.onnx': graph([x], [y]) },
    declares([{ ...x, shape: ['N', 2, 2] }], [y]),
    /input x is N × 2 × 2 by the manifest and N × 2 by the graph/u,
  ],
  [
    'an output that the graph does not have',
    { 'model.onnx': graph([x], [y]) },
    declares([x], [y, { ...y, name: 'z' }]),
    /names the output z, and the graph has y/u,
  ],
  [
    'an output of a type that is not carried',
    { 'model.onnx': sequence },
    declares([x], [y]),
    /output y is float32 by the manifest and bfloat16 by the graph/u,
  ],
  [
    'another number of labels',
    { 'model.onnx': graph([x], [y]), 'labels.json': oneLabel },
    (manifest) => ({ ...labelled(manifest), outputs: [{ ...y, shape: ['N', 'classes'] }] }),
    /output y has 2 values by the graph, and labels\.json has 1 labels/u,
  ],
];

describe('a graph that contradicts its manifest', () => {
  it.each(cases)(
    'by %s is refused at install and before a load, and leaves nothing',
    async (_what, files, change, reason) => {
      const folder = writePack(join(tempFolder(), 'small'), { files, change });
      const packStore = tempFolder();
      const options = { appVersion };
      const copied = faultOf(await stageFolder(packStore, folder, options));
      expect(copied.code).toBe('onnx-mismatch');
      expect(copied.message).toMatch(reason);
      const read = await readManifest(folder, 'small', appVersion);
      if (!read.ok) throw new Error(read.fault.message);
      const archive = join(tempFolder(), 'small.outpack');
      await writeOutpack({ folder, manifest: read.value.manifest }, archive, {});
      expect(faultOf(await stageArchive(packStore, archive, options)).message).toMatch(reason);
      const staging = join(packStore, '.staging');
      expect(existsSync(staging) ? readdirSync(staging) : []).toEqual([]);
      const { library, pack } = await openPack(folder);
      expect(faultOf(await library.prove(pack)).message).toMatch(reason);
    },
  );

  it('by nothing but lists beside its tensors is installed: they are never asked for', async () => {
    const list: Value = { ...y, name: 'rows', list: 'tensors' };
    const file = onnxModel({
      nodes: [
        { op: 'Neg', inputs: ['x'], outputs: ['y'] },
        { op: 'SequenceConstruct', inputs: ['y', 'x'], outputs: ['rows'] },
      ],
      inputs: [x],
      outputs: [list, y],
    }).toString('latin1');
    const written = (outputs: readonly Value[]) =>
      writePack(join(tempFolder(), 'small'), {
        files: { 'model.onnx': file },
        change: declares([x], outputs),
      });
    expect((await stageFolder(tempFolder(), written([y]), { appVersion })).ok).toBe(true);
    const named = await stageFolder(tempFolder(), written([{ ...y, name: 'rows' }, y]), { appVersion });
    expect(faultOf(named).message).toContain('output rows of the graph is a sequence, not a tensor');
  });

  it('in nothing is installed: free dimensions agree with any', async () => {
    const folder = writePack(join(tempFolder(), 'small'), {
      files: { 'model.onnx': graph([x], [y]) },
      change: declares([{ ...x, shape: [-1, 2] }], [{ ...y, shape: [4, 2] }]),
    });
    expect((await stageFolder(tempFolder(), folder, { appVersion })).ok).toBe(true);
  });
});
