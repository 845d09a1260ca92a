import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { embeddingValues } from '../../contract/packs/embedding.ts';
import type { PreprocessingStep } from '../../contract/packs/picture-steps.ts';
import type { ElementType } from '../../contract/tensors/tensor.ts';
import type { LoadSpec } from '../../contract/wire.ts';
import { openSession } from '../../main/worker/session.ts';
import { openTask } from '../../main/worker/tasks/index.ts';
import { decodedInput } from '../fixtures/decoded-input.ts';
import { onnxModel, type Graph } from '../fixtures/onnx-builder.ts';
import { newFolder } from '../temp/folder.ts';
import { labelled } from '../fixtures/labelled.ts';

const folder = newFolder('scores');
const codes = { float32: 1, float16: 10, float64: 11, int64: 7, uint8: 2 } as const;
const preprocessing: readonly PreprocessingStep[] = [
  { op: 'decode', background: [255, 255, 255] },
  { op: 'normalize', mean: [0, 0, 0], std: [255, 255, 255] },
  { op: 'layout', order: 'NCHW', channels: 'RGB', input: 'x' },
];
let count = 0;
function specOf(graph: Graph, more: Partial<LoadSpec> = {}): LoadSpec {
  const modelFile = path.join(folder, `${(count += 1)}.onnx`);
  writeFileSync(modelFile, onnxModel(graph));
  const labels = ['red', 'green', 'blue'].map((name, index) => ({ index, id: name, name }));
  return {
    modelFile,
    provider: 'cpu',
    threads: 1,
    task: 'image-classification',
    outputs: graph.outputs as LoadSpec['outputs'],
    preprocessing,
    postprocessing: [{ op: 'top-k', k: 3, output: 'y' }],
    labels,
    embedding: null,
    ...more,
  };
}
/** The mean of each channel, one row a picture, in these types and with so many rows. */
const means = (input: ElementType, output: keyof typeof codes, rows: number | string = 'N'): Graph => ({
  nodes: [
    { op: 'Cast', inputs: ['x'], outputs: ['f'], attributes: { to: codes.float32 } },
    { op: 'ReduceMean', inputs: ['f'], outputs: ['m'], attributes: { axes: [2, 3], keepdims: 0 } },
    { op: 'Cast', inputs: ['m'], outputs: ['y'], attributes: { to: codes[output] } },
  ],
  inputs: [{ name: 'x', type: input, shape: [rows, 3, 4, 4] }],
  outputs: [{ name: 'y', type: output, shape: [rows, 3] }],
});
const twoOfFour: Graph = {
  nodes: [
    { op: 'ReduceMean', inputs: ['x'], outputs: ['m'], attributes: { axes: [2, 3], keepdims: 0 } },
    { op: 'Gather', inputs: ['m', 'rows'], outputs: ['y'] },
  ],
  inputs: [{ name: 'x', type: 'float32', shape: [4, 3, 4, 4] }],
  outputs: [{ name: 'y', type: 'float32', shape: [2, 3] }],
  constants: [{ name: 'rows', type: 'int64', dims: [2], values: [0, 1] }],
};
const picture = {
  pixels: Uint8Array.from({ length: 48 }, (_, at) => [51, 255, 102][at % 3]!),
  outWidth: 4,
  outHeight: 4,
  width: 4,
  height: 4,
  seen: { left: 0, top: 0, width: 4, height: 4 },
};

async function answer(spec: LoadSpec, embedding = false) {
  const session = await openSession(spec);
  if (!session.ok) throw new Error(session.fault.message);
  const task = openTask({ session: session.value, spec, file: 'model.onnx' });
  if (!task.ok) return task;
  return task.value!.answer(decodedInput('a.png', picture), { top: 3, embedding });
}

describe('scores', () => {
  it.each<[ElementType, keyof typeof codes, number | string]>([
    ['float32', 'float32', 'N'],
    ['float32', 'float16', 'N'],
    ['float32', 'float64', 'N'],
    ['float16', 'float16', 'N'],
    ['float64', 'float32', 'N'],
    ['float32', 'float32', 1],
    ['float32', 'float32', 4],
    ['float16', 'float16', 4],
  ])('from %s to %s, %s at a time, are the numbers of the one picture', async (input, output, rows) => {
    const spec = specOf(means(input, output, rows), { embedding: 'y' });
    const result = await answer(spec, true);
    if (!result.ok) throw new Error(result.fault.message);
    const { predictions, labelCount, embedding } = labelled(result.value);
    expect(labelCount).toBe(3);
    expect(predictions.map(({ label }) => label)).toEqual(['green', 'blue', 'red']);
    for (const [at, wanted] of [1, 0.4, 0.2].entries()) expect(predictions[at]!.score).toBeCloseTo(wanted, 3);
    for (const [at, wanted] of [0.2, 1, 0.4].entries())
      expect(embeddingValues(embedding!)[at]).toBeCloseTo(wanted, 2);
  });

  it('by softmax, of halves and of a fixed number of pictures, add up to one', async () => {
    const result = await answer(
      specOf(means('float32', 'float16', 4), { postprocessing: [{ op: 'softmax', output: 'y' }] }),
    );
    if (!result.ok) throw new Error(result.fault.message);
    const { predictions } = labelled(result.value);
    expect(predictions.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 6);
    expect(predictions[0]!.score).toBeCloseTo(Math.exp(1) / (Math.exp(1) + Math.exp(0.4) + Math.exp(0.2)), 3);
  });

  it.each<[string, LoadSpec, string]>([
    ['whole numbers', specOf(means('float32', 'int64')), 'its output y is int64, and scores are numbers'],
    [
      'an absent output',
      specOf(means('float32', 'float32'), { postprocessing: [{ op: 'top-k', k: 3, output: 'z' }] }),
      'it has no output z',
    ],
    ['an absent embedding', specOf(means('float32', 'float32'), { embedding: 'e' }), 'it has no output e'],
    [
      'long whole numbers as input',
      specOf(means('int64', 'float32')),
      'its input x is int64, and a picture is given as float16, float32, float64, uint8, int8 or int32',
    ],
    [
      'an input of other dimensions',
      specOf({
        ...means('float32', 'float32'),
        inputs: [{ name: 'x', type: 'float32', shape: ['N', 4, 4, 3] }],
      }),
      'its input x takes ? × 4 × 4 × 3, and the steps give ? × 3 × ? × ?',
    ],
    [
      'fewer rows than pictures',
      specOf(twoOfFour),
      'it takes 4 pictures at a time, and its output y has 2 rows',
    ],
  ])('%s are refused when the model is loaded', async (_, spec, reason) => {
    expect(await answer(spec)).toMatchObject({
      ok: false,
      fault: { code: 'onnx-mismatch', params: { file: 'model.onnx', reason } },
    });
  });

  it('that are no numbers are no answer', async () => {
    const spec = specOf({
      nodes: [
        { op: 'ReduceMean', inputs: ['x'], outputs: ['m'], attributes: { axes: [2, 3], keepdims: 0 } },
        { op: 'Sub', inputs: ['m', 'm'], outputs: ['zero'] },
        { op: 'Div', inputs: ['zero', 'zero'], outputs: ['y'] },
      ],
      inputs: [{ name: 'x', type: 'float32', shape: ['N', 3, 4, 4] }],
      outputs: [{ name: 'y', type: 'float32', shape: ['N', 3] }],
    });
    expect(await answer(spec)).toMatchObject({ ok: false, fault: { code: 'onnx-mismatch' } });
  });
});

describe('a model that stops in a run', () => {
  it('is told as what it is, and not as a fault of Outpost', async () => {
    const spec = specOf({
      nodes: [
        { op: 'ReduceMean', inputs: ['x'], outputs: ['m'], attributes: { axes: [2, 3], keepdims: 0 } },
        { op: 'Reshape', inputs: ['m', 'two'], outputs: ['y'] },
      ],
      inputs: [{ name: 'x', type: 'float32', shape: ['N', 3, 4, 4] }],
      outputs: [{ name: 'y', type: 'float32', shape: [2, 2] }],
      constants: [{ name: 'two', type: 'int64', dims: [2], values: [2, 2] }],
    });
    expect(await answer(spec)).toMatchObject({
      ok: false,
      fault: { code: 'model-stopped', params: { reason: expect.stringMatching(/shape/u) as string } },
    });
  });
});
