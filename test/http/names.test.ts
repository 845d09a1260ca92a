import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import { materialised } from '../fixtures/materialised.ts';
import { openTestServing } from '../fixtures/serving.ts';
import type { TestServing } from '../fixtures/serving.ts';
import { startCore } from './server/fixture.ts';
import type { CoreServer } from './server/fixture.ts';
import { connect } from './oip-grpc/fixture.ts';
import { newFolder } from '../temp/folder.ts';

/* Folder names as Triton and TensorFlow Serving have them; each model does something else, so that one taken for another shows. */
const operators: Readonly<Record<string, readonly [operator: string, ofTwo: number]>> = {
  densenet_onnx: ['Identity', 2],
  'ResNet50_v1.5': ['Neg', -2],
  模型: ['Reciprocal', 0.5],
  'with space': ['Exp', Math.exp(2)],
  'model@home': ['Sqrt', Math.SQRT2],
  iris: ['Log', Math.log(2)],
  Iris: ['Ceil', 2],
  IRIS: ['Sin', Math.sin(2)],
  ['a'.repeat(120)]: ['Cos', Math.cos(2)],
};
const names = Object.keys(operators);
let folder: string;
let test: TestServing;
let core: CoreServer;

beforeAll(async () => {
  folder = newFolder('names');
  for (const [name, [op]] of Object.entries(operators)) {
    const value = (of: string) => ({ name: of, type: 'float32', shape: ['N', 1] }) as const;
    mkdirSync(path.join(folder, 'models', name, '3'), { recursive: true });
    writeFileSync(
      path.join(folder, 'models', name, '3', 'model.onnx'),
      onnxModel({
        nodes: [{ op, inputs: ['x'], outputs: ['y'] }],
        inputs: [value('x')],
        outputs: [value('y')],
      }),
    );
  }
  const made = await materialised(path.join(folder, 'models'), path.join(folder, 'into'));
  test = await openTestServing({ engine: { modelFolders: made } });
  core = await startCore(test, { grpcBind: '127.0.0.1:0' });
});
afterAll(async () => {
  await core.close();
  await test.close();
});

const post = (place: string, body: unknown) =>
  fetch(`${core.url}${place}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const tensor = { name: 'x', datatype: 'FP32', shape: [1, 1], data: [2] };

describe.each(names)('a model in the folder %s', (name) => {
  const encoded = encodeURIComponent(name);
  const expected = operators[name]![1];

  it('answers under that name by OIP, with its metadata, and by TensorFlow Serving', async () => {
    const answer = await post(`/v2/models/${encoded}/infer`, { inputs: [tensor] });
    const body = (await answer.json()) as { model_name: string; outputs: { data: number[] }[] };
    expect([answer.status, body.model_name]).toEqual([200, name]);
    expect(body.outputs[0]?.data[0]).toBeCloseTo(expected, 5);
    const metadata = await fetch(`${core.url}/v2/models/${encoded}/versions/3`);
    expect(await metadata.json()).toMatchObject({ name, versions: ['3'] });
    const tfs = await post(`/v1/models/${encoded}:predict`, { instances: [[2]] });
    expect(((await tfs.json()) as { predictions: number[][] }).predictions[0]?.[0]).toBeCloseTo(expected, 5);
    const status = await fetch(`${core.url}/v1/models/${encoded}`);
    expect(await status.json()).toMatchObject({ model_version_status: [{ version: '3' }] });
  });

  it('answers under it by gRPC', async () => {
    const client = connect(core.server.grpcAddress ?? '');
    const answer = (await client.call('ModelInfer', {
      model_name: name,
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1, 1], contents: { fp32_contents: [2] } }],
    })) as { model_name: string; outputs: { contents: { fp32_contents: number[] } }[] };
    client.close();
    expect(answer.model_name).toBe(name);
    expect(answer.outputs[0]?.contents.fp32_contents[0]).toBeCloseTo(expected, 5);
  });
});

it('the index, the statistics and the metrics say those names', async () => {
  const index = (await (await post('/v2/repository/index', {})).json()) as { name: string }[];
  const all = index.map(({ name }) => name);
  for (const name of names) expect(all.filter((each) => each === name)).toHaveLength(1);
  const stats = await fetch(`${core.url}/v2/models/Iris/stats`);
  expect(await stats.json()).toMatchObject({
    model_stats: [{ name: 'Iris', inference_stats: { success: { count: 3 } } }],
  });
  const metrics = await (await fetch(`${core.url}/metrics`)).text();
  for (const name of names) expect(metrics).toContain(`model="${name}"`);
});

it('a name that no folder has is not found, and the id of its files is another name for it', async () => {
  expect((await fetch(`${core.url}/v2/models/DenseNet_onnx`)).status).toBe(404);
  expect(await (await fetch(`${core.url}/v2/models/densenet-onnx`)).json()).toMatchObject({
    name: 'densenet_onnx',
  });
});
