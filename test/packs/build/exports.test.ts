import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGoldenFolder } from '../../../main/cli/pack/golden-files.ts';
import { buildPack, inspect, previewBuild, readModel, unpack } from '../../../main/packs/build/index.ts';
import { onnxModel } from '../../fixtures/onnx-builder.ts';
import type { Graph } from '../../fixtures/onnx-builder.ts';
import { appVersion, openPack, tempFolder } from '../fixture.ts';
import { model, node } from '../onnx-parts.ts';
import { build, buildWithoutRunning, exportsFolder, realRunner, requestFor, meaning } from './fixture.ts';

const file = (name: string) => join(exportsFolder, name);

async function goldenOf(name: string) {
  const read = await readGoldenFolder(file(name));
  if (!read.ok) throw new Error(read.fault.message);
  return read.value.inputs;
}

async function opened(archive: string) {
  const folder = join(tempFolder(), 'pack');
  const unpacked = await unpack(archive, folder, appVersion);
  if (!unpacked.ok) throw new Error(unpacked.fault.message);
  return { folder, ...(await openPack(folder)) };
}

describe('what the exporters of the recipes wrote', { timeout: 60_000 }, () => {
  it.each([
    ['colours-pytorch', 'torchvision', { name: 'pixels', order: 'NCHW' }, ['softmax', 'top-k']],
    ['colours-keras', 'keras-mobilenet', { name: 'pixels', order: 'NHWC' }, ['top-k']],
  ] as const)('%s becomes a pack that knows its colours', async (name, preprocess, picture, last) => {
    const request = requestFor(file(`${name}.onnx`), {
      answers: { ...meaning, task: 'image-classification', labels: file('colours.txt'), preprocess },
      golden: await goldenOf(name),
    });
    const inspected = await inspect(request.model, appVersion);
    expect(inspected.ok && inspected.value.facts).toMatchObject({ task: null, picture });
    const built = await build(request);
    expect(built.golden).toBe(3);
    expect(built.manifest.postprocessing.map(({ op }) => op)).toEqual(last);
    const { library, pack } = await opened(request.out);
    const golden = await library.golden(pack);
    if (!golden.ok || !golden.value) throw new Error('no golden samples');
    const labels = await library.labels(pack);
    for (const one of golden.value.cases) {
      if (one.kind !== 'picture') throw new Error('not a picture');
      const [first] = one.expected[0]?.top ?? [];
      // Each photo is named for its colour: `0-blue.png`.
      expect(one.file).toContain(labels.ok ? labels.value[first?.index ?? -1]?.name : '?');
      expect(first?.score).toBeGreaterThan(0.99);
    }
  });

  it('a scikit-learn pipeline becomes a pack of tensors without a question about its task', async () => {
    const request = requestFor(file('iris.onnx'), {
      answers: { ...meaning, labels: file('iris.txt') },
      golden: await goldenOf('iris'),
    });
    const built = await build(request);
    expect(built.manifest).toMatchObject({
      task: 'tensor',
      opset: 18,
      inputs: [{ name: 'X', type: 'float32', shape: [-1, 4] }],
      outputs: [
        { name: 'label', type: 'int64', shape: [-1] },
        { name: 'probabilities', type: 'float32', shape: [-1, 3] },
      ],
      preprocessing: [],
      provenance: { source: expect.stringContaining('skl2onnx') as string },
    });
    const { folder } = await opened(request.out);
    const classes = readFileSync(join(folder, 'golden/six-flowers-fp32-label.i64'));
    // As scikit-learn itself said when the model was exported.
    expect([0, 1, 2, 3, 4, 5].map((row) => Number(classes.readBigInt64LE(row * 8)))).toEqual([
      0, 0, 1, 1, 2, 2,
    ]);
    expect(JSON.parse(readFileSync(join(folder, 'preset.json'), 'utf8'))).toMatchObject({
      preset: 'skl2onnx',
    });
  });
});

describe('what Ultralytics writes into a file', () => {
  const metadata = {
    author: 'Ultralytics',
    license: 'AGPL-3.0 License (https://ultralytics.com/license)',
    stride: '32',
    imgsz: '[64, 64]',
    names: `{0: 'person', 1: "traffic light", 2: 'bird\\'s nest'}`,
  };
  const yolo = (task: string, output: readonly number[]): string => {
    const at = join(tempFolder(), 'yolo.onnx');
    writeFileSync(
      at,
      model({
        inputs: [{ name: 'images', elem: 1, dims: [1, 3, 64, 64] }],
        outputs: [{ name: 'output0', elem: 1, dims: output }],
        metadata: { ...metadata, task },
        producer: 'pytorch',
      }),
    );
    return at;
  };

  it('says of a detector that it is packed as tensors, and what its caller must do', async () => {
    const inspected = await inspect(yolo('detect', [1, 7, 84]), appVersion);
    if (!inspected.ok) throw new Error(inspected.fault.message);
    const { facts } = inspected.value;
    expect(facts).toMatchObject({
      exporter: 'ultralytics',
      task: 'tensor',
      preset: 'yolo',
      licence: 'AGPL-3.0',
      labels: ['person', 'traffic light', "bird's nest"],
    });
    expect(facts?.notes[0]).toContain(
      'Unless --task object-detection is given, the pack is of task "tensor"',
    );
  });

  it('is taken for a detector once a person says so, and then says nothing of tensors', async () => {
    const file = yolo('detect', [1, 7, 84]);
    const graph = await readModel({}, file);
    if (!graph.ok) throw new Error(graph.fault.message);
    const look = (task?: string) =>
      previewBuild(
        { model: file, answers: { ...meaning, task }, as: 'fp32', variants: [], providers: ['cpu'] },
        graph.value,
        (other) => readModel({}, other),
      );
    const asFound = await look();
    expect([asFound.task, asFound.notes.map(({ code }) => code)]).toEqual([
      'tensor',
      ['file-states-detector'],
    ]);
    const asAsked = await look('object-detection');
    expect([asAsked.task, asAsked.notes, asAsked.faults]).toEqual(['object-detection', [], []]);
    expect(asAsked.steps?.map(({ op }) => op)).toContain('letterbox');
  });

  it('proves task, labels and steps of a classifier', async () => {
    const inspected = await inspect(yolo('classify', [1, 3]), appVersion);
    expect(inspected.ok && inspected.value.facts).toMatchObject({
      task: 'image-classification',
      preset: 'yolo-classify',
      candidates: [{ count: 3 }],
    });
  });

  it('asks for the words that the file does not hold, and for no more', async () => {
    const built = await buildWithoutRunning(requestFor(yolo('detect', [1, 7, 84]), { answers: {} }));
    for (const option of ['--id', '--pack-version', '--title', '--summary'])
      expect(!built.ok && built.fault.params['missing']).toContain(option);
    expect(!built.ok && built.fault.message).not.toMatch(/--labels|--licence|--task|--preprocess/u);
  });
});

describe('an output of which the graph says nothing', () => {
  it('has as many dimensions as it had when it ran', async () => {
    const relu = Buffer.concat([
      Buffer.from([0x0a, 1, 0x78]), // input x
      Buffer.from([0x12, 1, 0x79]), // output y
      node('Relu'),
    ]);
    const at = join(tempFolder(), 'bare.onnx');
    writeFileSync(
      at,
      model({
        nodes: [relu],
        inputs: [{ name: 'x', elem: 1, dims: ['N', 4] }],
        outputs: [{ name: 'y', elem: 1, dims: null }],
      }),
    );
    const built = await build(requestFor(at));
    expect(built.manifest.outputs).toEqual([{ name: 'y', type: 'float32', shape: [-1, -1] }]);
    expect(built.golden).toBe(0);
  });
});

describe('a graph that takes nothing', () => {
  const y = { name: 'y', type: 'float32', shape: [2] } as const;
  const asked = { kind: 'tensors', name: 'Asked', tensors: [] } as const;
  const written = (graph: Graph): string => {
    const at = join(tempFolder(), 'none.onnx');
    writeFileSync(at, onnxModel(graph));
    return at;
  };

  it('becomes a pack; constants are golden samples, random numbers cannot be', async () => {
    const constants = [{ name: 'c', type: 'float32', dims: [2], values: [1, 2] }] as const;
    const neg = { op: 'Neg', inputs: ['c'], outputs: ['y'] };
    const fixed = written({ nodes: [neg], inputs: [], outputs: [y], constants });
    const built = await build(requestFor(fixed, { golden: [asked] }));
    expect(built).toMatchObject({ golden: 1, manifest: { inputs: [], outputs: [y] } });
    const draw = { op: 'RandomUniform', inputs: [], outputs: ['y'], attributes: { shape: [2] } };
    const drawn = written({ nodes: [draw], inputs: [], outputs: [y] });
    expect((await build(requestFor(drawn))).manifest.inputs).toEqual([]);
    const refused = await buildPack(requestFor(drawn, { golden: [asked] }), {
      openRunner: await realRunner(),
    });
    expect(!refused.ok && refused.fault.code).toBe('golden-failed');
  });
});
