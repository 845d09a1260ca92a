// One pack with the same model in float32 and in float16: built, proved and answered by the whole engine.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { doublesOf } from '../../../contract/tensors/tensor-codec.ts';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { unpack } from '../../../main/packs/build/index.ts';
import { openTestEngine } from '../../fakes/engine.ts';
import { labelled } from '../../fixtures/labelled.ts';
import { onnxModel, type Graph } from '../../fixtures/onnx-builder.ts';
import { taken } from '../../fixtures/taken.ts';
import { appVersion, tempFolder } from '../fixture.ts';
import { build, buildWithoutRunning, meaning, requestFor } from './fixture.ts';

const folder = tempFolder();
const photo = join(import.meta.dirname, '../../fixtures/picture-kinds/photo.png');

/** The mean of each channel, of two pictures at a time. */
const means = (type: 'float32' | 'float16' | 'uint8'): Graph => ({
  nodes: [{ op: 'ReduceMean', inputs: ['x'], outputs: ['y'], attributes: { axes: [2, 3], keepdims: 0 } }],
  inputs: [{ name: 'x', type, shape: [2, 3, 8, 8] }],
  outputs: [{ name: 'y', type: type === 'uint8' ? 'float32' : type, shape: [2, 3] }],
});
function write(type: 'float32' | 'float16' | 'uint8'): string {
  const file = join(folder, `${type}.onnx`);
  writeFileSync(file, onnxModel(means(type)));
  return file;
}
const request = () =>
  requestFor(write('float32'), {
    variants: [{ name: 'fp16', file: write('float16') }],
    labelsText: 'red\ngreen\nblue',
    scores: 'independent',
    answers: { ...meaning, labels: 'labels.txt', task: 'image-classification', preprocess: 'unit' },
    golden: [{ kind: 'picture', name: 'photo', file: photo }],
  });

let opened: OpenedEngine;
beforeAll(async () => {
  const asked = request();
  const { manifest } = await build(asked);
  expect(manifest.variants.map(({ name }) => name)).toEqual(['fp32', 'fp16']);
  const packs = tempFolder();
  taken(await unpack(asked.out, join(packs, 'made-here'), appVersion));
  opened = await openTestEngine({ modelFolders: [packs], override: { workers: 1, threads: 1 } });
}, 60_000);
afterAll(() => opened.close());

it.each(['fp32', 'fp16'])('answers photos in %s, and its golden sample is right', async (variant) => {
  const ask = { source: { path: photo }, name: 'photo.png', model: 'made-here', useCache: false };
  const scores = async (by: string) =>
    labelled(taken(await opened.engine.predict({ ...ask, variant: by })).result).predictions;
  const [wanted, found] = [await scores('fp32'), await scores(variant)];
  expect(found.map(({ label }) => label)).toEqual(wanted.map(({ label }) => label));
  for (const [at, { score }] of found.entries()) expect(score).toBeCloseTo(wanted[at]!.score, 2);
  await opened.engine.settings.set({ variant: variant as 'fp32' });
  expect(taken(await opened.engine.models.golden('made-here'))).toMatchObject({
    variant,
    passed: 1,
    total: 1,
  });
});

it.each(['fp32', 'fp16'])(
  'takes the same raw tensors in %s, also one picture where it takes two',
  async (variant) => {
    const data = new Uint8Array(Float32Array.from({ length: 192 }, (_, at) => (at >> 6) / 4).buffer);
    const tensors = [{ name: 'x', type: 'float32', dims: [1, 3, 8, 8], data }] as const;
    const answer = taken(await opened.engine.runTensors({ model: 'made-here', variant, tensors }));
    const [y] = answer.tensors;
    expect([y?.type, y?.dims, doublesOf(y!)]).toEqual(['float32', [1, 3], [0, 0.25, 0.5]]);
  },
);

it('is refused where the other file takes no floats', async () => {
  const unlike = { ...request(), variants: [{ name: 'int8' as const, file: write('uint8') }] };
  expect(await buildWithoutRunning(unlike)).toMatchObject({ ok: false, fault: { code: 'onnx-unfit' } });
});
