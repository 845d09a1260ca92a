import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { onnxModel } from '../fixtures/onnx-builder.ts';
import type { Constant, Graph } from '../fixtures/onnx-builder.ts';
import { materialised } from '../fixtures/materialised.ts';
import { openTestServing } from '../fixtures/serving.ts';
import type { TestServing } from '../fixtures/serving.ts';
import { startCore } from './server/fixture.ts';
import type { CoreServer } from './server/fixture.ts';
import { connect } from './oip-grpc/fixture.ts';
import { errorOf, get, jsonOf, post, tailOf } from './oip/fixture.ts';
import { newFolder } from '../temp/folder.ts';

/*
 * y = bfloat16(float32(x) * w), and x itself beside it. The bits of y were computed by NumPy with ml_dtypes: ties, the
 * smallest and the largest number, an infinity that arises, -0.
 */
const factors = [1.0039, 3.14159, 0.333333];
const x = [0x3f80, 0x4049, 0xc2f7, 0x0001, 0x7f7f, 0xff80, 0x3eaa, 0x8000, 0x4780, 0x3f81, 0x4000, 0xbf7f];
const y = [0x3f80, 0x411e, 0xc225, 0x0001, 0x7f80, 0xff80, 0x3eab, 0x8000, 0x46ab, 0x3f82, 0x40c9, 0xbeaa];
const bytesOf = (bits: readonly number[]): Buffer => Buffer.from(new Uint16Array(bits).buffer);
const value = (name: string) => ({ name, type: 'bfloat16', shape: ['N', 3] }) as const;
const scaling = (place: Pick<Constant, 'location'>): Graph => ({
  nodes: [
    { op: 'Cast', inputs: ['x'], outputs: ['wide'], attributes: { to: 1 } },
    { op: 'Mul', inputs: ['wide', 'w'], outputs: ['scaled'] },
    { op: 'Cast', inputs: ['scaled'], outputs: ['y'], attributes: { to: 16 } },
    { op: 'Identity', inputs: ['x'], outputs: ['same'] },
  ],
  inputs: [value('x')],
  outputs: [value('y'), value('same')],
  constants: [{ name: 'w', type: 'float32', dims: [3], values: factors, ...place }],
});

let folder: string;
let test: TestServing;
let core: CoreServer;

beforeAll(async () => {
  folder = newFolder('bfloat16');
  const bare = path.join(folder, 'models');
  for (const [name, graph] of Object.entries({
    inside: scaling({}),
    beside: scaling({ location: 'w.bin' }),
  })) {
    mkdirSync(path.join(bare, name, '1'), { recursive: true });
    writeFileSync(path.join(bare, name, '1', 'model.onnx'), onnxModel(graph));
    writeFileSync(path.join(bare, name, '1', 'w.bin'), Buffer.from(new Float32Array(factors).buffer));
  }
  const made = await materialised(bare, path.join(folder, 'into'));
  test = await openTestServing({ engine: { modelFolders: made } });
  core = await startCore(test, { grpcBind: '127.0.0.1:0' });
});
afterAll(async () => {
  await core?.close();
  await test?.close();
});

const at = (model: string): string => `${core.url}/v2/models/${model}/infer`;
const input = (more: object) => ({ name: 'x', datatype: 'BF16', shape: [4, 3], ...more });
const binary = { parameters: { binary_data: true } };
const numbers = (bits: readonly number[]): readonly number[] => [
  ...new Float32Array(new Uint32Array(bits.map((each) => each * 65_536)).buffer),
];
const named = (each: number): number | string => (Number.isFinite(each) ? each : String(each));

describe('a model that takes and gives bfloat16', () => {
  it('says so', async () => {
    expect(jsonOf(await get(`${core.url}/v2/models/inside`))).toMatchObject({
      inputs: [{ name: 'x', datatype: 'BF16', shape: [-1, 3] }],
      outputs: [
        { name: 'y', datatype: 'BF16' },
        { name: 'same', datatype: 'BF16' },
      ],
    });
    expect(jsonOf(await get(`${core.url}/v2/models/inside/config`)).input[0].data_type).toBe('TYPE_BF16');
  });

  it.each(['inside', 'beside'])('answers bit by bit in binary, its weights %s', async (model) => {
    const body = {
      inputs: [input({ parameters: { binary_data_size: 24 } })],
      outputs: [
        { name: 'y', ...binary },
        { name: 'same', ...binary },
      ],
    };
    const answer = await post(at(model), body, bytesOf(x));
    expect([answer.status, jsonOf(answer).outputs?.[0]]).toEqual([
      200,
      { name: 'y', datatype: 'BF16', shape: [4, 3], parameters: { binary_data_size: 24 } },
    ]);
    expect(tailOf(answer)).toEqual(Buffer.concat([bytesOf(y), bytesOf(x)]));
  });

  it('answers bit by bit over gRPC, raw', async () => {
    const client = connect(core.server.grpcAddress ?? '');
    const message = { model_name: 'inside', inputs: [input({})], raw_input_contents: [bytesOf(x)] };
    const answer = await client.call('ModelInfer', message).finally(() => client.close());
    expect(answer.outputs.map(({ datatype }: { datatype: string }) => datatype)).toEqual(['BF16', 'BF16']);
    expect(answer.raw_output_contents).toEqual([bytesOf(y), bytesOf(x)]);
  });

  it('answers JSON with the numbers that the bits are, and rounds what comes once, ties to even', async () => {
    // JSON.stringify writes -0 as 0.
    const text = JSON.stringify({ inputs: [input({ data: ['-'] })] });
    const data = numbers(x).map((each) => (Object.is(each, -0) ? '-0.0' : String(each)));
    const answer = jsonOf(await post(at('inside'), text.replace('"-"', data.join())));
    expect(answer.outputs[0]).toMatchObject({ datatype: 'BF16', data: numbers(y).map(named) });
    // Between 1 and the next number: below, at and above the tie; as double far closer to it than float32 could tell.
    const ties = [1.00390624, 1.00390625, 1.00390625000001, 1.01171874999999, 1.01171875, -1.01171876];
    const rounded = [1, 1, 1.0078125, 1.0078125, 1.015625, -1.015625];
    const asked = { inputs: [input({ shape: [2, 3], data: ties })], outputs: [{ name: 'same' }] };
    expect(jsonOf(await post(at('inside'), asked)).outputs[0].data).toEqual(rounded);
  });

  it('refuses a number without a finite bfloat16, and every other datatype', async () => {
    const one = (more: object) => post(at('inside'), { inputs: [input({ shape: [1, 3], ...more })] });
    expect(errorOf(await one({ data: [1, 2, 3.4e38] }))).toContain('3.4e+38 is too large for bfloat16');
    expect(errorOf(await one({ data: [1, 2, 3], datatype: 'FP16' }))).toContain('it is BF16, and FP16 came');
  });

  it('answers TensorFlow Serving and tables', async () => {
    const rows = [
      [1, 2, 65536],
      [0.5, -1, 4],
    ];
    const asked = JSON.stringify({ inputs: rows, signature_name: 'serving_default' });
    const tfs = await fetch(`${core.url}/v1/models/inside:predict`, { method: 'POST', body: asked });
    expect((await tfs.json()) as object).toMatchObject({ outputs: { same: rows } });
    const csv = await fetch(`${core.url}/predict?model=inside`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: 'a,b,c\n1,2,65536\n0.5,-1,4\n',
    });
    expect([csv.status, await csv.text()]).toEqual([200, expect.stringContaining('65536')]);
  });
});
