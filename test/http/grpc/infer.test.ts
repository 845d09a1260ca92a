import { readFileSync } from 'node:fs';
import { status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { elementTypes } from '../../../contract/tensor.ts';
import type { ElementType } from '../../../contract/tensor.ts';
import { datatypeOf } from '../../../main/http/datatypes.ts';
import type { GrpcServer } from '../../../main/http/grpc/index.ts';
import { root } from '../../fakes/engine.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';
import { connect, echoInput, echoOutput, limits, remove, startServer, writeEchoPacks } from './fixture.ts';
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
  remove(packs);
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

describe('typed contents', () => {
  it('come back in the field of their datatype, 64 bits exact', async () => {
    const { bigint_lows: _, ...fields } = { bigint_lows: null, int64: ['-9223372036854775808', '9223372036854775807'] };
    const answer = await infer({
      model_name: 'tensor-demo',
      inputs: [
        { name: 'a', datatype: 'FP32', shape: [2, 3], contents: { fp32_contents: [1, 2, 3, 4, 5, 6] } },
        { name: 'b', datatype: 'FP32', shape: [2, 3], contents: { fp32_contents: [0.5, 0, 0, 0, 0, -7] } },
        { name: 'count', datatype: 'INT64', shape: [2], contents: { int64_contents: fields.int64 } },
      ],
    });
    expect(answer.raw_output_contents).toEqual([]);
    expect(answer.outputs[0].contents.fp32_contents).toEqual([1.5, 2, 3, 4, 5, -1]);
    expect(answer.outputs[1].contents.int64_contents).toEqual(fields.int64);
  });
});
