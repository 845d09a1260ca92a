import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { embeddingValues, lengthOf, packEmbedding, similarityOf } from '../../contract/packs/embedding.ts';
import type { Embedding } from '../../contract/packs/embedding.ts';
import { Manifest } from '../../contract/packs/manifest.ts';
import { embeddingOf } from '../../contract/tasks/index.ts';
import type { LoadSpec } from '../../contract/wire.ts';
import type { Decoder } from '../../main/worker/decoder.ts';
import { decodeSpec } from '../../main/worker/preprocess.ts';
import { openSession } from '../../main/worker/session.ts';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { taskInput } from '../../main/worker/task-input.ts';
import { openTask } from '../../main/worker/tasks/index.ts';
import { vipsDecoder } from '../../main/worker/vips-decoder.ts';
import { decodedInput } from '../fixtures/decoded-input.ts';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import type { Graph } from '../fixtures/onnx-builder.ts';
import { newFolder } from '../temp/folder.ts';

const folder = newFolder('vectors');
const root = path.join(import.meta.dirname, '..', '..');
const pack = path.join(root, 'models', 'efficientnet-lite0');
const manifest = Manifest.parse(JSON.parse(readFileSync(path.join(pack, 'manifest.json'), 'utf8')));
const reference = JSON.parse(
  readFileSync(path.join(root, 'test', 'fixtures', 'golden', 'image-embedding.json'), 'utf8'),
) as { tolerance: number; pictures: string[]; cosine: number[][] };
/** Those of the reference's pictures that may be passed on. */
const pictures: Readonly<Record<string, string>> = {
  'raccoon.jpg': 'models/camera-triage/samples',
  'chelsea.png': 'test/fixtures/photos',
  'chelsea-exif6.jpg': 'test/fixtures/variants',
  'chelsea-grey.png': 'test/fixtures/variants',
  'chelsea.tif': 'test/fixtures/variants',
  'coffee.png': 'test/fixtures/photos',
  'coffee.webp': 'test/fixtures/variants',
  'coffee-cmyk.jpg': 'test/fixtures/variants',
};
const spec: LoadSpec = {
  modelFile: path.join(pack, manifest.variants[0]!.file!),
  provider: 'cpu',
  threads: 2,
  task: 'feature-extraction',
  outputs: manifest.outputs,
  preprocessing: manifest.preprocessing,
  postprocessing: [],
  labels: [],
  embedding: manifest.embedding!,
};

async function opened(of: LoadSpec) {
  const session = await openSession(of);
  if (!session.ok) throw new Error(session.fault.message);
  const task = openTask({ session: session.value, spec: of, file: 'model.onnx' });
  return { session: session.value, task };
}
const net = await opened(spec);

async function vectorOf(decoder: Decoder, name: string): Promise<Embedding> {
  const bytes = readFileSync(path.join(root, pictures[name]!, name));
  const answered =
    net.task.ok && (await net.task.value!.answer(taskInput({ decoder, bytes, name }).input, {}));
  if (!answered || !answered.ok) throw new Error(`no answer for ${name}`);
  return embeddingOf(answered.value)!;
}

describe('the vectors of photos', () => {
  it.each([
    ['sharp', () => Promise.resolve(sharpDecoder())],
    ['wasm-vips', vipsDecoder],
  ] as const)('are as alike as the reference has them, by %s', async (_, open) => {
    const decoder = await open();
    const names = Object.keys(pictures);
    const vectors = new Map<string, Embedding>();
    for (const name of names) vectors.set(name, await vectorOf(decoder, name));
    for (const one of names)
      for (const other of names) {
        const wanted = reference.cosine[reference.pictures.indexOf(one)]![reference.pictures.indexOf(other)]!;
        const found = similarityOf(vectors.get(one)!, vectors.get(other)!);
        expect(Math.abs(found - wanted), `${one} and ${other}`).toBeLessThan(reference.tolerance);
      }
  });

  it('lose little by being kept in one byte a value', async () => {
    const decoder = sharpDecoder();
    const exact: Float32Array[] = [];
    const stored: Embedding[] = [];
    for (const name of Object.keys(pictures)) {
      const bytes = readFileSync(path.join(root, pictures[name]!, name));
      const picture = await decoder.decode(bytes, decodeSpec(manifest.preprocessing, false), name);
      if (!picture.ok) throw new Error(picture.fault.message);
      const { toTensor } = await import('../../main/worker/preprocess.ts');
      const { data, dims } = toTensor(picture.value, manifest.preprocessing);
      const tensors = [{ name: 'pixels', type: 'float32' as const, dims, data: new Uint8Array(data.buffer) }];
      const ran = await net.session.run(tensors);
      const output = ran.ok && ran.value.tensors.find((each) => each.name === 'embedding');
      if (!output) throw new Error('no vector');
      const values = new Float32Array(Uint8Array.from(output.data).buffer);
      exact.push(values);
      stored.push(packEmbedding(values)!);
    }
    let worst = 0;
    let furthest = 0;
    stored.forEach((one, at) => {
      worst = Math.max(worst, 1 - cosine(exact[at]!, embeddingValues(one)));
      stored.forEach((other, place) => {
        const loss = Math.abs(similarityOf(one, other) - cosine(exact[at]!, exact[place]!));
        furthest = Math.max(furthest, loss);
      });
    });
    expect(worst).toBeLessThan(0.0005);
    expect(furthest).toBeLessThan(0.002);
  });
});

function cosine(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const sum = Array.from(one, (value, at) => value * other[at]!).reduce((all, value) => all + value, 0);
  return sum / (lengthOf(one) * lengthOf(other));
}

/** The mean of each channel times these factors, one row a photo. */
const weighed = (factors: readonly number[], shape: readonly (number | string)[] = ['N', 3]): Graph => ({
  nodes: [
    { op: 'ReduceMean', inputs: ['x'], outputs: ['m'], attributes: { axes: [2, 3], keepdims: 0 } },
    { op: 'Mul', inputs: ['m', 'factors'], outputs: ['y'] },
  ],
  inputs: [{ name: 'x', type: 'float32', shape: ['N', 3, 4, 4] }],
  outputs: [{ name: 'y', type: 'float32', shape }],
  constants: [{ name: 'factors', type: 'float32', dims: [3], values: [...factors] }],
});

let written = 0;
function specOf(graph: Graph, more: Partial<LoadSpec> = {}): LoadSpec {
  const modelFile = path.join(folder, `${(written += 1)}.onnx`);
  writeFileSync(modelFile, onnxModel(graph));
  const preprocessing: LoadSpec['preprocessing'] = [
    { op: 'decode', background: [255, 255, 255] },
    { op: 'normalize', mean: [0, 0, 0], std: [255, 255, 255] },
    { op: 'layout', order: 'NCHW', channels: 'RGB', input: 'x' },
  ];
  return { ...spec, modelFile, outputs: [], preprocessing, embedding: 'y', ...more };
}
const grey = {
  pixels: new Uint8Array(48).fill(255),
  outWidth: 4,
  outHeight: 4,
  width: 8,
  height: 6,
  seen: { left: 1, top: 0, width: 6, height: 6 },
};

async function answerGrey(of: LoadSpec) {
  const { task } = await opened(of);
  if (!task.ok) return task;
  return task.value!.answer(decodedInput('grey.png', grey), {});
}

describe('a small graph', () => {
  it('gives its values, and of length 1 where the pack says so', async () => {
    const plain = await answerGrey(specOf(weighed([3, -4, 0])));
    expect(plain).toMatchObject({ ok: true, value: { width: 8, height: 6, seen: { left: 1 } } });
    const vector = plain.ok ? embeddingOf(plain.value)! : null;
    expect(embeddingValues(vector!)).toEqual([expect.closeTo(3, 1), expect.closeTo(-4, 4), 0]);
    const unit = await answerGrey(specOf(weighed([3, -4, 0]), { postprocessing: [{ op: 'unit-length' }] }));
    expect(unit.ok && embeddingValues(embeddingOf(unit.value)!)).toEqual([
      expect.closeTo(0.6, 2),
      expect.closeTo(-0.8, 4),
      0,
    ]);
  });

  it('that gives no numbers is refused, and so is one without the output', async () => {
    const odd = await answerGrey(specOf(weighed([Number.NaN, 1, 1])));
    expect(odd).toMatchObject({ ok: false, fault: { code: 'onnx-mismatch' } });
    expect(!odd.ok && odd.fault.message).toContain('grey.png');
    const absent = await answerGrey(specOf(weighed([1, 1, 1]), { embedding: 'z' }));
    expect(absent).toMatchObject({ ok: false, fault: { code: 'onnx-mismatch' } });
  });

  it('all of whose values are zero is like nothing', async () => {
    const none = await answerGrey(specOf(weighed([0, 0, 0]), { postprocessing: [{ op: 'unit-length' }] }));
    const vector = none.ok ? embeddingOf(none.value)! : null;
    expect(vector).toEqual({ scale: 0, values: [0, 0, 0] });
    expect(similarityOf(vector!, { scale: 1, values: [1, 0, 0] })).toBe(0);
  });
});
