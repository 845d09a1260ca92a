import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import type { LoadSpec } from '../../contract/wire.ts';
import { inputMemory } from '../../main/worker/input-memory.ts';
import { openSession } from '../../main/worker/session.ts';
import type { Session } from '../../main/worker/session.ts';
import { openTask } from '../../main/worker/tasks/index.ts';
import { decodedInput } from '../fixtures/decoded-input.ts';
import { labelled } from '../fixtures/labelled.ts';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import { newFolder } from '../temp/folder.ts';

const folder = newFolder('input-memory');

/** The mean of each channel of a picture of any size. */
function means(): LoadSpec {
  const modelFile = path.join(folder, 'means.onnx');
  const outputs = [{ name: 'y', type: 'float32' as const, shape: ['N', 3] }];
  writeFileSync(
    modelFile,
    onnxModel({
      nodes: [{ op: 'ReduceMean', inputs: ['x'], outputs: ['y'], attributes: { axes: [2, 3], keepdims: 0 } }],
      inputs: [{ name: 'x', type: 'float32', shape: ['N', 3, 'H', 'W'] }],
      outputs,
    }),
  );
  return {
    modelFile,
    provider: 'cpu',
    threads: 1,
    task: 'image-classification',
    outputs,
    preprocessing: [
      { op: 'decode', background: [255, 255, 255] },
      { op: 'normalize', mean: [0, 0, 0], std: [255, 255, 255] },
      { op: 'layout', order: 'NCHW', channels: 'RGB', input: 'x' },
    ],
    postprocessing: [{ op: 'top-k', k: 3, output: 'y' }],
    labels: ['red', 'green', 'blue'].map((name, index) => ({ index, id: name, name })),
    embedding: null,
  };
}

/** A picture of one colour, another for each number; odd ones have twice as many pixels a side. */
function pictureOf(number: number) {
  const side = number % 2 === 0 ? 4 : 8;
  const [width, height] = [side, side];
  const colour = [number, 2 * number, 255 - number];
  const pixels = Uint8Array.from({ length: 3 * side * side }, (_, at) => colour[at % 3]!);
  return {
    pixels,
    outWidth: width,
    outHeight: height,
    width,
    height,
    seen: { left: 0, top: 0, width, height },
  };
}

/** The task of a real session, and the arrays that its runs read. The run of the picture `failing` fails. */
async function opened({ failing }: { readonly failing?: number } = {}) {
  const spec = means();
  const session = await openSession(spec);
  if (!session.ok) throw new Error(session.fault.message);
  const read: Tensor['data'][] = [];
  const watched: Session = {
    ...session.value,
    runRaw: (feeds, wanted) => {
      const { data } = feeds['x'] as Tensor;
      read.push(data);
      const isFailing = failing !== undefined && data[0] === Math.fround(failing / 255);
      return session.value.runRaw(isFailing ? {} : feeds, wanted);
    },
  };
  const task = openTask({ session: watched, spec, file: 'means.onnx' });
  if (!task.ok) throw new Error(task.fault.message);
  /** Red, green and blue times 255, or the code of the fault. */
  const answer = async (number: number): Promise<readonly number[] | string> => {
    const asked = decodedInput(`${number}.png`, pictureOf(number));
    const result = await task.value!.answer(asked, { top: 3 });
    if (!result.ok) return result.fault.code;
    const { predictions } = labelled(result.value);
    const scoreOf = (label: string) => predictions.find((each) => each.label === label)!.score;
    return ['red', 'green', 'blue'].map((label) => Math.round(255 * scoreOf(label)));
  };
  return { answer, read };
}

const means255 = (number: number): readonly number[] => [number, 2 * number, 255 - number];
const even = [2, 4, 6, 8, 10, 12];

describe('the memory of a picture’s tensor', () => {
  it('is used again for the next photo, and holds that photo alone', async () => {
    const { answer, read } = await opened();
    for (const number of even) expect(await answer(number)).toEqual(means255(number));
    expect(new Set(read).size).toBe(1);
  });

  it('is each photo’s own while several are in hand', async () => {
    const { answer, read } = await opened();
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(even.map(answer));
      expect(answers).toEqual(even.map(means255));
      expect(new Set(read.splice(0)).size).toBe(even.length);
    }
  });

  it('fits the photo where a model takes any size', async () => {
    const { answer, read } = await opened();
    for (const number of [1, 2, 3, 4, 5, 6]) expect(await answer(number)).toEqual(means255(number));
    expect(new Set(read).size).toBe(2);
    expect(read.map(({ length }) => length)).toEqual([192, 48, 192, 48, 192, 48]);
  });

  it('is given back where many large photos were in hand', () => {
    const memory = inputMemory();
    const large = 2 * 1024 ** 2;
    for (let count = 0; count < 5; count += 1) memory.give(new Float32Array(large));
    expect([1, 2, 3].map(() => memory.take(large)?.byteLength)).toEqual([4 * large, 4 * large, undefined]);
    memory.give(new Float32Array(4 * large));
    expect(memory.take(4 * large)).not.toBeNull();
  });

  it('is used again after a run that failed', async () => {
    const { answer, read } = await opened({ failing: 4 });
    expect(await answer(2)).toEqual(means255(2));
    expect(await answer(4)).toBe('model-stopped');
    expect(await Promise.all([answer(6), answer(8)])).toEqual([means255(6), means255(8)]);
    expect(new Set(read).size).toBe(2);
  });
});
