import { readFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unpack } from '../../../main/packs/build/index.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';
import { build, meaning, requestFor } from '../../packs/build/fixture.ts';
import { appVersion } from '../../packs/fixture.ts';
import { newFolder } from '../../temp/folder.ts';
import { startCore } from '../server/fixture.ts';
import type { CoreServer } from '../server/fixture.ts';
import { jsonOf, post } from './fixture.ts';

const kinds = path.join(import.meta.dirname, '../../fixtures/picture-kinds');
const photo = readFileSync(path.join(kinds, 'photo.png'));
const { labels, answers } = JSON.parse(readFileSync(path.join(kinds, 'answers.json'), 'utf8')) as {
  readonly labels: readonly string[];
  readonly answers: Readonly<Record<string, { readonly scores: readonly number[] }>>;
};
let test: TestServing;
let core: CoreServer;

beforeAll(async () => {
  const folder = newFolder('kinds');
  for (const [kind, scores] of [
    ['uint8-nhwc', undefined],
    ['sigmoid-logits', 'independent-logits'],
  ] as const) {
    const request = requestFor(path.join(kinds, `${kind}.onnx`), {
      labelsText: labels.join('\n'),
      scores,
      answers: {
        ...meaning,
        id: kind,
        task: 'image-classification',
        labels: 'labels.txt',
        preprocess: 'unit',
      },
    });
    await build(request);
    const unpacked = await unpack(request.out, path.join(folder, kind), appVersion);
    if (!unpacked.ok) throw new Error(unpacked.fault.message);
  }
  test = await openTestServing({ engine: { modelFolders: [folder] } });
  core = await startCore(test);
}, 120_000);
afterAll(async () => {
  await core?.close();
  await test?.close();
});

it('a photo goes into a model of bytes, and so do its bytes as the tensor that the model takes', async () => {
  const image = {
    name: 'image',
    datatype: 'BYTES',
    shape: [1],
    parameters: { content_type: 'base64' },
    data: [photo.toString('base64')],
  };
  const url = `${core.url}/v2/models/uint8-nhwc/infer`;
  const named = jsonOf(await post(url, { inputs: [image], parameters: { top: 5 } })) as Outputs;
  const [label, score] = ['label', 'score'].map(
    (name) => named.outputs.find((each) => each.name === name)!.data,
  );
  for (const [at, name] of label!.entries())
    expect(
      Math.abs(Number(score![at]) - answers['uint8-nhwc']!.scores[labels.indexOf(String(name))]!),
    ).toBeLessThan(2e-5);

  const pixels = await sharp(photo).removeAlpha().raw().toBuffer();
  const x = { name: 'x', datatype: 'UINT8', shape: [1, 20, 24, 3], data: [...pixels] };
  const raw = jsonOf(await post(url, { inputs: [x] })) as Outputs;
  const scores = raw.outputs.find(({ name }) => name === 'scores')!.data;
  for (const [at, wanted] of answers['uint8-nhwc']!.scores.entries())
    expect(Math.abs(Number(scores[at]) - wanted)).toBeLessThan(2e-5);
});

it('of several labels at once those from the threshold on are answered, and a client is told what they are', async () => {
  const url = `${core.url}/predict?model=sigmoid-logits`;
  const answer = await fetch(url, { method: 'POST', body: photo });
  const { result: holding } = (await answer.json()) as { result: Printed };
  expect(holding.independent).toBe(true);
  expect(holding.predictions.map(({ label }) => label)).toEqual(['owl', 'hare']);
  expect(holding.predictions.reduce((sum, { score }) => sum + score, 0)).toBeGreaterThan(1);
});

type Outputs = {
  readonly outputs: readonly { readonly name: string; readonly data: readonly (string | number)[] }[];
};
type Printed = {
  readonly independent?: true;
  readonly predictions: readonly { readonly label: string; readonly score: number }[];
};
