import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GoldenSet } from '../../../contract/packs/manifest.ts';
import { root } from '../../fakes/engine.ts';
import { answerOf, errorOf, get, jsonOf, post, startOip, tailOf } from './fixture.ts';
import type { Answer, OipServer } from './fixture.ts';

let server: OipServer;
beforeAll(async () => {
  server = await startOip();
});
afterAll(() => server.close());
const at = (path: string): string => `${server.url}${path}`;
const one = (change: object = {}): object => ({
  inputs: [
    {
      name: 'in_float32',
      datatype: 'FP32',
      shape: [2, 2],
      data: [
        [1, 2],
        [3, 4.5],
      ],
      ...change,
    },
  ],
});
const infer = (body: unknown, tail?: Uint8Array): Promise<Answer> =>
  post(at('/v2/models/one/infer'), body, tail);

describe('what the server says of itself', () => {
  it('is live and ready', async () => {
    for (const word of ['live', 'ready']) {
      const answer = await get(at(`/v2/health/${word}`));
      expect([answer.status, jsonOf(answer)]).toEqual([200, { [word]: true }]);
    }
  });

  it('names itself, its extensions and its models', async () => {
    expect(jsonOf(await get(at('/v2')))).toMatchObject({
      name: 'outpost',
      extensions: expect.arrayContaining(['binary_tensor_data']),
    });
    expect(jsonOf(await get(at('/v2/models'))).models).toEqual(
      expect.arrayContaining(['one', 'efficientnet-lite0']),
    );
  });

  it('describes a model, with and without its version', async () => {
    const plain = jsonOf(await get(at('/v2/models/one')));
    expect(plain).toEqual({
      name: 'one',
      versions: ['1.2.0'],
      platform: 'onnx_onnxv1',
      inputs: [{ name: 'in_float32', datatype: 'FP32', shape: [-1, -1] }],
      outputs: [{ name: 'out_float32', datatype: 'FP32', shape: [-1, -1] }],
    });
    for (const version of ['1.2.0', '1002000', '1']) {
      expect(jsonOf(await get(at(`/v2/models/one/versions/${version}`)))).toEqual(plain);
      expect(jsonOf(await get(at(`/v2/models/one/versions/${version}/ready`)))).toEqual({
        name: 'one',
        ready: true,
      });
    }
    expect(errorOf(await get(at('/v2/models/one/versions/9')))).toContain('no version 9');
    expect(jsonOf(await get(at('/v2/models/efficientnet-lite0'))).parameters).toBeDefined();
    expect(jsonOf(await get(at('/v2/models/one/config')))).toMatchObject({
      name: 'one',
      backend: 'onnxruntime',
    });
  });
});

describe('inference', () => {
  it('answers JSON with JSON, to the letter', async () => {
    const { status, bytes, headers } = await infer({ id: 'a "1"', ...one() });
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^application\/json/u);
    expect(bytes.toString()).toBe(
      String.raw`{"id":"a \"1\"","model_name":"one","model_version":"1.2.0","outputs":[{"name":"out_float32","datatype":"FP32","shape":[2,2],"data":[1,2,3,4.5]}]}`,
    );
  });

  it('takes data flat, and before its datatype', async () => {
    const text = '{"inputs":[{"data":[1,2,3,4],"shape":[2,2],"datatype":"FP32","name":"in_float32"}]}';
    expect(jsonOf(await infer(text)).outputs[0].data).toEqual([1, 2, 3, 4]);
  });

  it('takes and gives binary tensors; an output of its own word wins', async () => {
    const values = Buffer.from(new Float32Array([Number.NaN, -0, Infinity, 1e-40]).buffer);
    const inputs = [
      { name: 'in_float32', datatype: 'FP32', shape: [1, 4], parameters: { binary_data_size: 16 } },
    ];
    const answer = await infer({ inputs, parameters: { binary_data_output: true } }, values);
    expect(answer.headers.get('content-type')).toBe('application/octet-stream');
    expect(jsonOf(answer).outputs[0]).toEqual({
      name: 'out_float32',
      datatype: 'FP32',
      shape: [1, 4],
      parameters: { binary_data_size: 16 },
    });
    expect(tailOf(answer)).toEqual(values);
    const outputs = [{ name: 'out_float32', parameters: { binary_data: false } }];
    const written = await infer({ inputs, outputs, parameters: { binary_data_output: true } }, values);
    expect(jsonOf(written).outputs[0].data).toEqual(['NaN', -0, 'Infinity', Math.fround(1e-40)]);
  });

  it('takes and gives NaN and infinities in JSON that every reader understands', async () => {
    const data = '[NaN, -Infinity, "NaN", "Infinity"]';
    const text = `{"inputs":[{"name":"in_float32","datatype":"FP32","shape":[2,2],"data":${data}}]}`;
    const answer = await infer(text);
    expect(answer.status).toBe(200);
    expect(jsonOf(answer).outputs[0].data).toEqual(['NaN', '-Infinity', 'NaN', 'Infinity']);
  });

  it('takes null for the data of a binary tensor, as kserve writes it where there are no elements', async () => {
    const parameters = { binary_data_size: 0 };
    const inputs = [{ name: 'in_float32', datatype: 'FP32', shape: [0, 4], parameters, data: null }];
    expect(jsonOf(await infer({ inputs })).outputs[0]).toMatchObject({ shape: [0, 4], data: [] });
    const refused = await infer({ inputs: [{ ...inputs[0], parameters: {} }] });
    expect([refused.status, errorOf(refused)]).toEqual([400, expect.stringContaining('data is missing')]);
  });

  it('gives outputs in the order in which they were asked for', async () => {
    const { inputs } = jsonOf(await get(at('/v2/models/echo')));
    const sizes: Readonly<Record<string, number>> = {
      FP16: 2,
      BF16: 2,
      BYTES: 4,
      FP64: 8,
      INT64: 8,
      UINT64: 8,
    };
    const small: Readonly<Record<string, number>> = { BOOL: 1, INT8: 1, UINT8: 1, INT16: 2, UINT16: 2 };
    const each = inputs.map(({ name, datatype }: { name: string; datatype: string }) => ({
      name,
      datatype,
      shape: [1, 1],
      parameters: { binary_data_size: sizes[datatype] ?? small[datatype] ?? 4 },
    }));
    const names = ['out_string', 'out_int64', 'out_bool'];
    const outputs = names.map((name) => ({ name }));
    const size = each.reduce(
      (sum: number, { parameters }: { parameters: { binary_data_size: number } }) =>
        sum + parameters.binary_data_size,
      0,
    );
    const answer = await post(at('/v2/models/echo/infer'), { inputs: each, outputs }, Buffer.alloc(size));
    expect(jsonOf(answer).outputs).toEqual([
      { name: 'out_string', datatype: 'BYTES', shape: [1, 1], data: [''] },
      { name: 'out_int64', datatype: 'INT64', shape: [1, 1], data: [0] },
      { name: 'out_bool', datatype: 'BOOL', shape: [1, 1], data: [false] },
    ]);
    const missing = await post(at('/v2/models/echo/infer'), { inputs: [] });
    expect([missing.status, errorOf(missing)]).toEqual([400, expect.stringContaining('it is missing')]);
  });

  it('reads a large JSON, and answers large binary', async () => {
    const values = Array.from({ length: 300_000 }, (_, index) => index / 7);
    const outputs = [{ name: 'out_float32', parameters: { binary_data: true } }];
    const answer = await infer({ ...one({ shape: [3, 100_000], data: values }), outputs });
    expect(answer.status).toBe(200);
    expect(tailOf(answer).equals(Buffer.from(new Float32Array(values).buffer))).toBe(true);
  });
});

describe('refusals name what is wrong', () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ['no JSON', '{"inputs": [', 'byte'],
    ['no object', '[]', 'an object is missing'],
    ['no inputs', '{}', 'inputs are missing'],
    ['a strange input', one({ name: 'strange' }), 'strange'],
    ['a wrong datatype', one({ datatype: 'FP64' }), 'it is FP32, and FP64 came'],
    ['another datatype of 16 bits', one({ datatype: 'BF16' }), 'it is FP32, and BF16 came'],
    ['a datatype that is none', one({ datatype: 'FP8' }), 'there is no datatype FP8'],
    ['a wrong rank', one({ shape: [4], data: [1, 2, 3, 4] }), '[-1, -1]'],
    ['a wrong count', one({ shape: [3, 2] }), '[3, 2]'],
    ['a negative dimension', one({ shape: [-1, 2] }), 'shape'],
    ['a huge shape', one({ shape: [2 ** 40, 2 ** 40] }), 'shape'],
    ['a ragged list', one({ data: [[1, 2], [3]] }), 'level 2'],
    ['text for numbers', one({ data: ['a', 'b', 'c', 'd'] }), 'in_float32'],
    ['no data', { inputs: [{ name: 'in_float32', datatype: 'FP32', shape: [1, 1] }] }, 'data is missing'],
    ['an output that is not there', { ...one(), outputs: [{ name: 'strange' }] }, 'strange'],
    ['an output twice', { ...one(), outputs: [{ name: 'out_float32' }, { name: 'out_float32' }] }, 'twice'],
    ['a bad parameter', { ...one(), parameters: { timeout: -1 } }, 'timeout'],
    ['parameters that are nested', { ...one(), parameters: { a: {} } }, 'parameters'],
    ['an id that is no text', { ...one(), id: 7 }, 'id'],
    ['outputs that are no list', { ...one(), outputs: {} }, 'list'],
    ['an output that is no object', { ...one(), outputs: [7] }, 'object'],
  ];
  it.each(cases)('%s', async (_, body, args) => {
    const answer = await infer(body);
    expect([answer.status, errorOf(answer)]).toEqual([400, expect.stringContaining(args)]);
  });

  it('of binary sizes', async () => {
    const sized = (size: unknown): object => ({
      inputs: [
        { name: 'in_float32', datatype: 'FP32', shape: [1, 1], parameters: { binary_data_size: size } },
      ],
    });
    for (const size of [8, 2 ** 32, 2 ** 53, -1, 1.5, 'x', 0]) {
      const answer = await infer(sized(size), Buffer.alloc(4));
      expect([answer.status, errorOf(answer)]).toEqual([400, expect.any(String)]);
    }
    const rest = await infer(sized(4), Buffer.alloc(5));
    expect(errorOf(rest)).toContain('1 bytes behind the last tensor');
    const headers = { 'inference-header-content-length': '999999' };
    const long = await answerOf(
      await fetch(at('/v2/models/one/infer'), { method: 'POST', headers, body: '{}' }),
    );
    expect([long.status, errorOf(long)]).toEqual([
      400,
      expect.stringContaining('Inference-Header-Content-Length'),
    ]);
  });

  it('of models that are not there', async () => {
    const answer = await post(at('/v2/models/nobody/infer'), one());
    expect([answer.status, errorOf(answer)]).toEqual([404, expect.stringContaining('nobody')]);
  });
});

describe('the shipped models', () => {
  it.each(['tensor-demo', 'efficientnet-lite0'])('%s answers its golden tensors', async (id) => {
    const folder = path.join(root, 'models', id);
    const { golden } = JSON.parse(readFileSync(path.join(folder, 'manifest.json'), 'utf8')) as {
      golden: string;
    };
    const { cases } = GoldenSet.parse(JSON.parse(readFileSync(path.join(folder, golden), 'utf8')));
    const all = cases.filter((each) => each.kind === 'tensors');
    expect(all.length).toBeGreaterThan(0);
    for (const { inputs, outputs } of all) {
      const blobs = inputs.map(({ file }) => readFileSync(path.join(folder, file)));
      const types = { float32: 'FP32', int64: 'INT64' } as const;
      const written = inputs.map(({ name, type, dims }, index) => ({
        name,
        datatype: types[type as 'float32'],
        shape: dims,
        parameters: { binary_data_size: blobs[index]!.byteLength },
      }));
      const wanted = outputs.map(({ name }) => ({ name, parameters: { binary_data: true } }));
      const answer = await post(
        at(`/v2/models/${id}/infer`),
        { inputs: written, outputs: wanted },
        Buffer.concat(blobs),
      );
      expect(answer.status).toBe(200);
      let from = 0;
      const tail = tailOf(answer);
      for (const { file, type, toleranceAbs } of outputs) {
        const expected = readFileSync(path.join(folder, file));
        const got = tail.subarray(from, (from += expected.byteLength));
        if (type !== 'float32') expect(got).toEqual(expected);
        else
          for (let place = 0; place < expected.byteLength; place += 4)
            expect(Math.abs(got.readFloatLE(place) - expected.readFloatLE(place))).toBeLessThanOrEqual(
              toleranceAbs,
            );
      }
      expect(from).toBe(tail.byteLength);
    }
  });

  it('a photo in base64 gets labels, scores and indexes', async () => {
    const photo = readFileSync(path.join(root, 'test/fixtures/photos/coffee.png'));
    const input = (data: readonly Buffer[]): object => ({
      parameters: { k: 2 },
      inputs: [
        {
          name: 'image',
          datatype: 'BYTES',
          shape: [data.length],
          parameters: { content_type: 'base64' },
          data: data.map((bytes) => bytes.toString('base64')),
        },
      ],
    });
    const { outputs } = jsonOf(await post(at('/v2/models/efficientnet-lite0/infer'), input([photo, photo])));
    expect(outputs.map(({ name, shape }: { name: string; shape: number[] }) => [name, shape])).toEqual([
      ['label', [2, 2]],
      ['score', [2, 2]],
      ['index', [2, 2]],
    ]);
    const bad = await post(at('/v2/models/efficientnet-lite0/infer'), input([photo, Buffer.from('none')]));
    expect(bad.status).toBeGreaterThanOrEqual(400);
    expect(errorOf(bad)).toContain('image[1]');
  });
});

it('a caller without that right may look at the repository, and change nothing', async () => {
  const narrow = await startOip(false);
  try {
    const index = await post(`${narrow.url}/v2/repository/index`, { ready: true });
    expect(jsonOf(index)).toEqual(
      expect.arrayContaining([{ name: 'one', version: '1.2.0', state: 'READY', reason: expect.any(String) }]),
    );
    for (const verb of ['load', 'unload']) {
      const refused = await post(`${narrow.url}/v2/repository/models/one/${verb}`, {});
      expect([refused.status, errorOf(refused)]).toEqual([403, expect.stringContaining('loading models')]);
    }
  } finally {
    await narrow.close();
  }
});
