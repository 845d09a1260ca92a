import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelFolders } from '../../main/cli/model-folders.ts';
import type { Session } from '../../main/cli/session.ts';
import { openTerminal } from '../../main/cli/terminal.ts';
import { root } from '../fakes/engine.ts';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import { openTestServing } from '../fixtures/serving.ts';
import type { TestServing } from '../fixtures/serving.ts';
import { startCore } from './server/fixture.ts';
import type { CoreServer } from './server/fixture.ts';
import { connect } from './oip-grpc/fixture.ts';
import { newFolder } from '../temp/folder.ts';

/* Two `--models` folders beside the packs that ship; each model does something else, so that one taken for another shows. */
const first = { Iris: ['Neg', -2], UPPER: ['Exp', Math.exp(2)], 'With Space': ['Abs', 2] } as const;
const second = {
  iris: ['Reciprocal', 0.5],
  IRIS: ['Sqrt', Math.SQRT2],
  Upper: ['Sin', Math.sin(2)],
  Tensor_Demo: ['Cos', Math.cos(2)],
} as const;
const operators: Readonly<Record<string, readonly [operator: string, ofTwo: number]>> = {
  ...first,
  ...second,
};
const holders: Readonly<Record<string, readonly string[] | null>> = {
  all: null,
  'by-name': ['With Space'],
  'by-id': ['with-space'],
  'one-iris': ['Iris'],
  'shipped-demo': ['tensor-demo'],
};
let folder: string;
let test: TestServing;
let core: CoreServer;

beforeAll(async () => {
  folder = newFolder('two-folders');
  for (const [place, models] of Object.entries({ first, second }))
    for (const [name, [op]] of Object.entries(models)) {
      const value = (of: string) => ({ name: of, type: 'float32', shape: ['N', 1] }) as const;
      mkdirSync(path.join(folder, place, name, '3'), { recursive: true });
      writeFileSync(
        path.join(folder, place, name, '3', 'model.onnx'),
        onnxModel({
          nodes: [{ op, inputs: ['x'], outputs: ['y'] }],
          inputs: [value('x')],
          outputs: [value('y')],
        }),
      );
    }
  const session: Session = {
    places: {
      version: '0.1.0',
      models: path.join(root, 'models'),
      worker: '',
      store: '',
      httpWorker: '',
      watchdog: '',
    },
    terminal: openTerminal(
      { out: process.stdout, error: process.stderr },
      { isQuiet: true, isVerbose: false, isColored: false },
    ),
    common: {
      color: false,
      data: path.join(folder, 'data'),
      models: [path.join(folder, 'first'), path.join(folder, 'second')],
    },
  };
  const made = await modelFolders(session);
  if (!made.ok) throw new Error(made.fault.message);
  test = await openTestServing({ engine: { modelFolders: [path.join(root, 'models'), ...made.value] } });
  const tokens = {
    find: (token: string) =>
      token in holders ? { program: token, models: holders[token] ?? null, isControl: false } : null,
  };
  core = await startCore(test, { grpcBind: '127.0.0.1:0', tokens });
});
afterAll(async () => {
  await core?.close();
  await test?.close();
});

const ask = (token: string, place: string, body?: unknown, type = 'application/json') =>
  fetch(`${core.url}${place}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': type }) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
const tensor = { name: 'x', datatype: 'FP32', shape: [1, 1], data: [2] };
const namesFor = async (token: string): Promise<readonly string[]> => {
  const index = (await (await ask(token, '/v2/repository/index', {})).json()) as { name: string }[];
  return index.map(({ name }) => name);
};

describe.each(Object.keys(operators))('the model in the folder %s', (name) => {
  const encoded = encodeURIComponent(name);
  const expected = operators[name]![1];

  it('answers for itself by OIP, gRPC, TensorFlow Serving and /predict', async () => {
    const oip = (await (await ask('all', `/v2/models/${encoded}/infer`, { inputs: [tensor] })).json()) as {
      model_name: string;
      outputs: { data: number[] }[];
    };
    expect(oip.model_name).toBe(name);
    expect(oip.outputs[0]?.data[0]).toBeCloseTo(expected, 5);
    const client = connect(core.server.grpcAddress ?? '');
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1, 1], contents: { fp32_contents: [2] } }];
    const grpc = (await client.call('ModelInfer', { model_name: name, inputs }, { token: 'all' })) as {
      outputs: { contents: { fp32_contents: number[] } }[];
    };
    client.close();
    expect(grpc.outputs[0]?.contents.fp32_contents[0]).toBeCloseTo(expected, 5);
    const tfs = await ask('all', `/v1/models/${encoded}:predict`, { instances: [[2]] });
    expect(((await tfs.json()) as { predictions: number[][] }).predictions[0]?.[0]).toBeCloseTo(expected, 5);
    const table = await ask('all', `/predict?model=${encoded}`, 'x\n2\n', 'text/csv');
    expect(table.status).toBe(200);
    expect(Number((await table.text()).trim().split(/\r?\n/u)[1])).toBeCloseTo(expected, 5);
  });
});

it('the packs that ship keep their ids', async () => {
  const answer = await ask('all', '/v2/models/tensor-demo');
  expect(await answer.json()).toMatchObject({ name: 'tensor-demo', versions: ['1.0.0'] });
});

it('a list of models has a model under either name, and no other that differs by case', async () => {
  for (const token of ['by-name', 'by-id']) {
    expect(await namesFor(token)).toEqual(['With Space']);
    for (const name of ['With%20Space', 'with-space']) {
      const infer = await ask(token, `/v2/models/${name}/infer`, { inputs: [tensor] });
      const status = await ask(token, `/v1/models/${name}`);
      const table = await ask(token, `/predict?model=${name}`, 'x\n2\n', 'text/csv');
      expect([token, name, infer.status, status.status, table.status]).toEqual([token, name, 200, 200, 200]);
    }
  }
  expect(await namesFor('one-iris')).toEqual(['Iris']);
  for (const other of ['iris', 'IRIS'])
    expect((await ask('one-iris', `/v2/models/${other}/infer`, { inputs: [tensor] })).status).toBe(403);
  expect(await namesFor('shipped-demo')).toEqual(['tensor-demo']);
  expect((await ask('shipped-demo', '/v2/models/Tensor_Demo')).status).toBe(403);
});
