import { readFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementTypes } from '../../../contract/tensors/tensor.ts';
import type { ElementType } from '../../../contract/tensors/tensor.ts';
import { datatypeOf } from '../../../contract/tensors/datatypes.ts';
import type { GrpcServer } from '../../../main/http/oip-grpc/index.ts';
import { root } from '../../fakes/engine.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';
import {
  connect,
  echoInput,
  echoOutput,
  limits,
  startServer,
  typedTypes,
  writeEchoPacks,
} from './fixture.ts';
import type { Answer, TestClient } from './fixture.ts';

const packs = writeEchoPacks();
let opened: TestServing;
let server: GrpcServer;
let client: TestClient;
beforeAll(async () => {
  opened = await openTestServing({ engine: { modelFolders: [`${root}/models`, packs] } });
  server = await startServer({ serving: opened.serving });
  client = connect(server.address);
});
afterAll(async () => {
  client.close();
  await server.close();
  await opened.close();
});

const infer = (message: object): Promise<Answer> => client.call('ModelInfer', { ...message });
const refusal = (message: object): Promise<Answer> =>
  infer(message).then(
    () => Promise.reject(new Error('it was answered')),
    ({ code, details }: Answer) => ({ code, details }),
  );

/** Two rows of one element each, with the extremes of the type. */
const raws: Readonly<Record<ElementType, Buffer>> = {
  float32: Buffer.from(new Float32Array([Number.NaN, Number.NEGATIVE_INFINITY]).buffer),
  float64: Buffer.from(new Float64Array([Number.MIN_VALUE, Number.NaN]).buffer),
  float16: Buffer.from([0x00, 0x3c, 0x00, 0xfc]),
  bfloat16: Buffer.from([0x7f, 0x7f, 0x01, 0x80]),
  int8: Buffer.from(new Int8Array([-128, 127]).buffer),
  uint8: Buffer.from([0, 255]),
  int16: Buffer.from(new Int16Array([-32768, 32767]).buffer),
  uint16: Buffer.from(new Uint16Array([0, 65535]).buffer),
  int32: Buffer.from(new Int32Array([-(2 ** 31), 2 ** 31 - 1]).buffer),
  uint32: Buffer.from(new Uint32Array([0, 2 ** 32 - 1]).buffer),
  int64: Buffer.from(new BigInt64Array([-(2n ** 63n), 2n ** 63n - 1n]).buffer),
  uint64: Buffer.from(new BigUint64Array([0n, 2n ** 64n - 1n]).buffer),
  bool: Buffer.from([0, 1]),
  string: Buffer.concat([Buffer.from([0, 0, 0, 0, 7, 0, 0, 0]), Buffer.from('Żółw')]),
};
const tensor = (type: ElementType, shape: readonly number[] = [2, 1]) => ({
  name: echoInput(type),
  datatype: datatypeOf(type),
  shape,
});
const echo = (overrides: object = {}) => ({
  model_name: 'echo',
  id: 'seven',
  inputs: elementTypes.map((type) => tensor(type)),
  raw_input_contents: elementTypes.map((type) => raws[type]),
  ...overrides,
});

describe('raw contents', () => {
  it('come back bit by bit for every datatype, with the id and the version', async () => {
    const answer = await infer(echo());
    expect(answer).toMatchObject({ model_name: 'echo', model_version: '1.2.0', id: 'seven' });
    expect(answer.outputs).toMatchObject(
      elementTypes.map((type) => ({
        name: echoOutput(type),
        datatype: datatypeOf(type),
        shape: ['2', '1'],
        contents: null,
      })),
    );
    expect(answer.raw_output_contents).toEqual(elementTypes.map((type) => raws[type]));
  });

  it('may be empty', async () => {
    const answer = await infer({
      model_name: 'one',
      inputs: [tensor('float32', [0, 3])],
      raw_input_contents: [Buffer.alloc(0)],
    });
    expect(answer.outputs[0].shape).toEqual(['0', '3']);
    expect(answer.raw_output_contents).toEqual([Buffer.alloc(0)]);
  });

  it('of the outputs that were asked for alone, in that order', async () => {
    const answer = await infer(echo({ outputs: [{ name: 'out_string' }, { name: 'out_bool' }] }));
    expect(answer.outputs.map(({ name }: Answer) => name)).toEqual(['out_string', 'out_bool']);
    expect(answer.raw_output_contents).toEqual([raws.string, raws.bool]);
  });
});

/** The same two elements in the fields of their datatypes. */
const contents: Readonly<Partial<Record<ElementType, object>>> = {
  float32: { fp32_contents: [0.5, Number.NEGATIVE_INFINITY] },
  float64: { fp64_contents: [Number.MIN_VALUE, Number.MAX_VALUE] },
  int8: { int_contents: [-128, 127] },
  uint8: { uint_contents: [0, 255] },
  int16: { int_contents: [-32768, 32767] },
  uint16: { uint_contents: [0, 65535] },
  int32: { int_contents: [-(2 ** 31), 2 ** 31 - 1] },
  uint32: { uint_contents: [0, 2 ** 32 - 1] },
  int64: { int64_contents: ['-9223372036854775808', '9223372036854775807'] },
  uint64: { uint64_contents: ['0', '18446744073709551615'] },
  bool: { bool_contents: [false, true] },
  string: { bytes_contents: [Buffer.from(''), Buffer.from('Żółw')] },
};
const typed = (changed: Readonly<Partial<Record<ElementType, object>>> = {}) => ({
  model_name: 'typed',
  inputs: typedTypes.map((type) => ({ ...tensor(type), contents: contents[type], ...changed[type] })),
});

describe('typed contents', () => {
  it('come back in the field of their datatype, 64 bits exact', async () => {
    const answer = await infer(typed());
    expect(answer.raw_output_contents).toEqual([]);
    expect(answer.outputs.map((output: Answer) => output.contents)).toMatchObject(
      typedTypes.map((type) => contents[type] ?? {}),
    );
  });

  it('that their datatype cannot hold are refused', async () => {
    const over = (type: ElementType, field: object) => refusal(typed({ [type]: { contents: field } }));
    expect(await over('int8', { int_contents: [0, 128] })).toEqual({
      code: status.INVALID_ARGUMENT,
      details: 'Input in_int8 does not fit the model: 128 does not fit into INT8.',
    });
    expect((await over('int8', { int64_contents: ['0', '1'] })).details).toMatch(
      /field that is not the one of INT8/u,
    );
  });
});

describe('a request that does not fit', () => {
  const one = (overrides: object) => ({
    model_name: 'one',
    inputs: [tensor('float32')],
    raw_input_contents: [raws.float32],
    ...overrides,
  });
  const cases: readonly (readonly [string, object, number, RegExp])[] = [
    ['an unknown model', one({ model_name: 'nobody' }), status.NOT_FOUND, /nobody/u],
    ['an unknown version', one({ model_version: '9.9.9' }), status.NOT_FOUND, /9\.9\.9/u],
    [
      'no inputs',
      one({ inputs: [], raw_input_contents: [] }),
      status.INVALID_ARGUMENT,
      /in_float32.*missing/u,
    ],
    [
      'a stray input',
      one({ inputs: [{ ...tensor('float32'), name: 'odd' }] }),
      status.INVALID_ARGUMENT,
      /odd.*takes in_float32/u,
    ],
    [
      'an input twice',
      one({
        inputs: [tensor('float32'), tensor('float32')],
        raw_input_contents: [raws.float32, raws.float32],
      }),
      status.INVALID_ARGUMENT,
      /in_float32.*twice/u,
    ],
    [
      'another datatype',
      one({ inputs: [{ ...tensor('float32'), datatype: 'INT32' }] }),
      status.INVALID_ARGUMENT,
      /it is FP32, and INT32 came/u,
    ],
    [
      'a datatype that is none',
      one({ inputs: [{ ...tensor('float32'), datatype: 'FP8' }] }),
      status.INVALID_ARGUMENT,
      /FP8/u,
    ],
    [
      'another rank',
      one({ inputs: [tensor('float32', [2])] }),
      status.INVALID_ARGUMENT,
      /shape is \[-1, -1\], and \[2\] came/u,
    ],
    [
      'a negative size',
      one({ inputs: [tensor('float32', [-2, -1])] }),
      status.INVALID_ARGUMENT,
      /\[-2, -1\] came/u,
    ],
    [
      'a size beyond numbers',
      one({ inputs: [tensor('float32', ['9223372036854775807' as never, 1])] }),
      status.INVALID_ARGUMENT,
      /too much/u,
    ],
    [
      'too many elements',
      one({ inputs: [tensor('float32', [2 ** 30, 2 ** 30])] }),
      status.INVALID_ARGUMENT,
      /elements are more than 1048576/u,
    ],
    [
      'too few bytes',
      one({ raw_input_contents: [Buffer.alloc(7)] }),
      status.INVALID_ARGUMENT,
      /8 bytes are 2 elements, and 7 came/u,
    ],
    [
      'raw contents for fewer inputs',
      one({ inputs: [tensor('float32'), { ...tensor('float32'), name: 'b' }] }),
      status.INVALID_ARGUMENT,
      /1 for 2 inputs/u,
    ],
    [
      'contents twice',
      one({ inputs: [{ ...tensor('float32'), contents: { fp32_contents: [1, 2] } }] }),
      status.INVALID_ARGUMENT,
      /contents and raw_input_contents/u,
    ],
    [
      'shared memory',
      one({
        inputs: [{ ...tensor('float32'), parameters: { shared_memory_region: { string_param: 'x' } } }],
      }),
      status.INVALID_ARGUMENT,
      /shared memory/u,
    ],
    ['an unknown output', one({ outputs: [{ name: 'odd' }] }), status.INVALID_ARGUMENT, /odd/u],
    [
      'a timeout that is none',
      one({ parameters: { timeout: { string_param: 'soon' } } }),
      status.INVALID_ARGUMENT,
      /parameter timeout/u,
    ],
    [
      'strings that end too late',
      echo({
        raw_input_contents: elementTypes.map((type) =>
          type === 'string' ? Buffer.from([9, 0, 0, 0, 1]) : raws[type],
        ),
      }),
      status.INVALID_ARGUMENT,
      /ends beyond its bytes/u,
    ],
    [
      'strings that are not text',
      echo({
        raw_input_contents: elementTypes.map((type) =>
          type === 'string' ? Buffer.from([1, 0, 0, 0, 200, 0, 0, 0, 0]) : raws[type],
        ),
      }),
      status.INVALID_ARGUMENT,
      /element 0 is not UTF-8 text without NUL/u,
    ],
  ];
  it.each(cases)('%s', async (_, message, code, details) => {
    const why = await refusal(message);
    expect(why.code).toBe(code);
    expect(why.details).toMatch(details);
  });

  it('because it is larger than a message may be', async () => {
    const bytes = Buffer.alloc(limits.maxBodyBytes + 1);
    expect((await refusal(one({ raw_input_contents: [bytes] }))).code).toBe(status.RESOURCE_EXHAUSTED);
    expect(await infer(one({}))).toMatchObject({ model_name: 'one' });
  });
});

describe('a picture model', () => {
  const name = 'efficientnet-lite0';
  const file = readFileSync(`${root}/test/fixtures/photos/chelsea.png`);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(file.byteLength);
  const pictures = (overrides: object = {}) => ({
    model_name: name,
    inputs: [{ name: 'image', datatype: 'BYTES', shape: [2] }],
    raw_input_contents: [Buffer.concat([length, file, length, file])],
    ...overrides,
  });

  it('takes files and gives labels, scores and indexes', async () => {
    const answer = await infer(pictures({ parameters: { k: { int64_param: 3 } } }));
    expect(answer.outputs.map(({ name: of, datatype, shape }: Answer) => [of, datatype, ...shape])).toEqual([
      ['label', 'BYTES', '2', '3'],
      ['score', 'FP32', '2', '3'],
      ['index', 'INT64', '2', '3'],
    ]);
    const [labels, scores, indexes] = answer.raw_output_contents as readonly Buffer[];
    expect(labels?.toString()).toMatch(/tabby/u);
    expect(scores?.readFloatLE(0)).toBeGreaterThan(scores?.readFloatLE(4) ?? 1);
    expect(indexes?.readBigInt64LE(0)).toBe(indexes?.readBigInt64LE(24));
  });

  it('takes typed files, and gives what was asked for', async () => {
    const answer = await infer({
      model_name: name,
      inputs: [{ name: 'image', datatype: 'BYTES', shape: [1], contents: { bytes_contents: [file] } }],
      outputs: [{ name: 'index' }],
    });
    expect(answer.outputs).toMatchObject([{ name: 'index', shape: ['1', '5'] }]);
    expect(answer.outputs[0].contents.int64_contents).toHaveLength(5);
  });

  it('refuses what is no picture, and more labels than there are', async () => {
    const odd = Buffer.from([3, 0, 0, 0, 1, 2, 3]);
    const why = await refusal(
      pictures({ inputs: [{ name: 'image', datatype: 'BYTES', shape: [1] }], raw_input_contents: [odd] }),
    );
    expect(why.code).toBe(status.INVALID_ARGUMENT);
    expect(why.details).toMatch(/image\[0\]/u);
    expect((await refusal(pictures({ parameters: { k: { int64_param: 1001 } } }))).details).toMatch(
      /1000 labels/u,
    );
  });

  it('takes its tensor under the same name, and ranks an output', async () => {
    const pixels = { name: 'pixels', datatype: 'FP32', shape: [1, 3, 224, 224] };
    const answer = await infer({
      model_name: name,
      inputs: [pixels],
      outputs: [{ name: 'logits', parameters: { classification: { int64_param: 2 } } }],
      raw_input_contents: [Buffer.alloc(602_112)],
    });
    expect(answer.outputs).toMatchObject([{ name: 'logits', datatype: 'BYTES', shape: ['1', '2'] }]);
    expect(answer.raw_output_contents[0].toString()).toMatch(/\d+\.\d{6}:\d+:[a-z]/u);
  });
});
