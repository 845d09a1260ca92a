import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import type { Graph } from '../fixtures/onnx-builder.ts';
import { materialised } from '../fixtures/materialised.ts';
import { openTestServing } from '../fixtures/serving.ts';
import type { TestServing } from '../fixtures/serving.ts';
import { writeTensorPack } from '../fixtures/tensor-pack.ts';
import { startCore } from './server/fixture.ts';
import type { CoreServer } from './server/fixture.ts';
import { connect } from './oip-grpc/fixture.ts';
import { newFolder } from '../temp/folder.ts';

/* Graphs that take nothing: one of constants, as a bare file and as a pack, and one of random numbers. */
const value = (shape: readonly (number | string)[]) => ({ name: 'y', type: 'float32', shape }) as const;
const constant: Graph = {
  nodes: [{ op: 'Neg', inputs: ['c'], outputs: ['y'] }],
  inputs: [],
  outputs: [value([2, 2])],
  constants: [{ name: 'c', type: 'float32', dims: [2, 2], values: [1, 2, 3, 4] }],
};
const dice: Graph = {
  nodes: [{ op: 'RandomUniform', inputs: [], outputs: ['y'], attributes: { shape: [3] } }],
  inputs: [],
  outputs: [value([3])],
};
let folder: string;
let test: TestServing;
let core: CoreServer;

beforeAll(async () => {
  folder = newFolder('no-inputs');
  const bare = path.join(folder, 'models');
  for (const [name, graph] of Object.entries({ constant, dice })) {
    mkdirSync(path.join(bare, name, '1'), { recursive: true });
    writeFileSync(path.join(bare, name, '1', 'model.onnx'), onnxModel(graph));
  }
  const made = await materialised(bare, path.join(folder, 'into'));
  const packs = path.join(folder, 'packs');
  writeTensorPack(packs, 'packed', constant, { batch: true, serving: { maxBatch: 4 } });
  test = await openTestServing({
    engine: { modelFolders: [...made, packs] },
    serving: { cached: 'all' },
  });
  core = await startCore(test, { grpcBind: '127.0.0.1:0' });
});
afterAll(async () => {
  await core?.close();
  await test?.close();
});

const post = async (place: string, body: unknown) => {
  const answer = await fetch(`${core.url}${place}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
};
type Outputs = { readonly outputs: readonly { readonly data: readonly number[] }[] };

describe.each(['constant', 'packed'])('a model without inputs, %s', (model) => {
  it('is described', async () => {
    const oip = await fetch(`${core.url}/v2/models/${model}`);
    expect(await oip.json()).toMatchObject({
      inputs: [],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [2, 2] }],
    });
    const tfs = await fetch(`${core.url}/v1/models/${model}/metadata`);
    expect(await tfs.json()).toMatchObject({
      metadata: { signature_def: { signature_def: { serving_default: { inputs: {} } } } },
    });
  });

  it('answers OIP with and without binary data', async () => {
    const { status, body } = await post(`/v2/models/${model}/infer`, { inputs: [] });
    expect([status, body]).toMatchObject([200, { outputs: [{ shape: [2, 2], data: [-1, -2, -3, -4] }] }]);
    const binary = await fetch(`${core.url}/v2/models/${model}/infer`, {
      method: 'POST',
      body: JSON.stringify({ inputs: [], parameters: { binary_data_output: true } }),
    });
    const bytes = Buffer.from(await binary.arrayBuffer());
    const head = Number(binary.headers.get('inference-header-content-length'));
    expect([0, 4, 8, 12].map((at) => bytes.readFloatLE(head + at))).toEqual([-1, -2, -3, -4]);
  });

  it('answers gRPC', async () => {
    const client = connect(core.server.grpcAddress ?? '');
    const answer = (await client.call('ModelInfer', { model_name: model, inputs: [] })) as {
      outputs: { contents: { fp32_contents: number[] } }[];
    };
    const metadata = (await client.call('ModelMetadata', { name: model })) as { inputs: unknown[] };
    client.close();
    expect(answer.outputs[0]?.contents.fp32_contents).toEqual([-1, -2, -3, -4]);
    expect(metadata.inputs).toEqual([]);
  });

  it('answers TensorFlow Serving: columns of nothing, and one instance without members', async () => {
    const columns = await post(`/v1/models/${model}:predict`, { inputs: {} });
    expect(columns).toEqual({
      status: 200,
      body: {
        outputs: [
          [-1, -2],
          [-3, -4],
        ],
      },
    });
    const rows = await post(`/v1/models/${model}:predict`, { instances: [{}] });
    expect(rows.status, JSON.stringify(rows.body)).toBe(200);
  });

  it('refuses what it does not take, with the reason', async () => {
    const stray = { name: 'x', datatype: 'FP32', shape: [1], data: [1] };
    const oip = await post(`/v2/models/${model}/infer`, { inputs: [stray] });
    expect([oip.status, JSON.stringify(oip.body)]).toEqual([
      400,
      expect.stringContaining('the model takes no inputs'),
    ]);
    for (const body of [
      { instances: [1, 2] },
      { instances: ['a'] },
      { inputs: [1] },
      { instances: [{ x: 1 }] },
    ]) {
      const tfs = await post(`/v1/models/${model}:predict`, body);
      expect([body, tfs.status]).toEqual([body, 400]);
    }
    for (const verb of ['classify', 'regress']) {
      const ranked = await post(`/v1/models/${model}:${verb}`, { examples: [{ x: 1 }] });
      expect(ranked.status).toBe(400);
    }
  });

  it('answers many at a time', async () => {
    const all = await Promise.all(
      Array.from({ length: 24 }, () => post(`/v2/models/${model}/infer`, { inputs: [] })),
    );
    for (const { body } of all) expect((body as Outputs).outputs[0]?.data).toEqual([-1, -2, -3, -4]);
  });
});

it('random numbers are drawn for each request, also where answers may be kept', async () => {
  const draws = new Set<string>();
  for (let count = 0; count < 4; count += 1) {
    const { status, body } = await post('/v2/models/dice/infer', { inputs: [] });
    expect(status).toBe(200);
    draws.add(JSON.stringify((body as Outputs).outputs[0]?.data));
  }
  expect(draws.size).toBe(4);
});
