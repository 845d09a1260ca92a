import { once } from 'node:events';
import { connect as http2Connect, constants } from 'node:http2';
import { connect as connectSocket } from 'node:net';
import path from 'node:path';
import { status } from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fault } from '../../../contract/faults/faults.ts';
import { ByteBudget } from '../../../main/http/server/budget/index.ts';
import type { AccessEntry, Caller } from '../../../main/http/server/context.ts';
import { openStatistics } from '../../../main/http/oip/index.ts';
import { openGrpcServer } from '../../../main/http/oip-grpc/index.ts';
import type { GrpcServer, GrpcServerOptions } from '../../../main/http/oip-grpc/index.ts';
import { root } from '../../fakes/engine.ts';
import { openTestServing } from '../../fixtures/serving.ts';
import type { TestServing } from '../../fixtures/serving.ts';
import { anyone, connect, limits, startServer, writeEchoPacks } from './fixture.ts';
import type { Answer, TestClient } from './fixture.ts';
import { newFolder } from '../../temp/folder.ts';

const packs = writeEchoPacks();
let opened: TestServing;
beforeAll(async () => {
  opened = await openTestServing({ engine: { modelFolders: [`${root}/models`, packs] } });
});
afterAll(async () => {
  await opened.close();
});

const ends: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});
async function open(
  options: Partial<GrpcServerOptions> = {},
  service?: string,
): Promise<{ readonly server: GrpcServer; readonly client: TestClient }> {
  const server = await startServer({ serving: opened.serving, ...options });
  const client = connect(server.address, service);
  ends.push(server.close, client.close);
  return { server, client };
}
const codeOf = (call: Promise<Answer>): Promise<number> =>
  call.then(
    () => status.OK,
    ({ code }: Answer) => code,
  );
const one = (value: number, overrides: object = {}) => ({
  model_name: 'one',
  id: `n${value}`,
  inputs: [{ name: 'in_float32', datatype: 'FP32', shape: [1, 1] }],
  raw_input_contents: [Buffer.from(new Float32Array([value]).buffer)],
  ...overrides,
});

describe('what there is', () => {
  it('server and models', async () => {
    const { client } = await open();
    expect(await client.call('ServerLive')).toEqual({ live: true });
    expect(await client.call('ServerReady')).toEqual({ ready: true });
    expect(await client.call('ServerMetadata')).toMatchObject({ name: 'outpost', version: '0.1.0' });
    expect(await client.call('ModelReady', { name: 'one' })).toEqual({ ready: true });
    expect(await client.call('ModelReady', { name: 'one', version: '1.2.0' })).toEqual({ ready: true });
    expect(await client.call('ModelReady', { name: 'one', version: '1002000' })).toEqual({ ready: true });
    expect(await client.call('ModelReady', { name: 'two' })).toEqual({ ready: false });
    expect(await client.call('ModelReady', { name: 'one', version: '7' })).toEqual({ ready: false });
    expect(await codeOf(client.call('ModelMetadata', { name: 'two' }))).toBe(status.NOT_FOUND);
    expect(await client.call('ModelMetadata', { name: 'tensor-demo' })).toEqual({
      name: 'tensor-demo',
      versions: ['1.0.0'],
      platform: 'onnx_onnxv1',
      inputs: [
        { name: 'a', datatype: 'FP32', shape: ['-1', '3'] },
        { name: 'b', datatype: 'FP32', shape: ['-1', '3'] },
        { name: 'count', datatype: 'INT64', shape: ['-1'] },
      ],
      outputs: [
        { name: 'sum', datatype: 'FP32', shape: ['-1', '3'] },
        { name: 'count_out', datatype: 'INT64', shape: ['-1'] },
      ],
    });
  });

  it('the configuration, with batches as they are set', async () => {
    const { client } = await open();
    const { config } = await client.call('ModelConfig', { name: 'tensor-demo' });
    expect(config).toMatchObject({ name: 'tensor-demo', backend: 'onnxruntime', max_batch_size: 0 });
    expect(config.input[2]).toMatchObject({ name: 'count', data_type: 'TYPE_INT64', dims: ['-1'] });
    const serving = { ...opened.serving, batching: () => ({ max_batch_size: 8, batch_timeout_micros: 500 }) };
    const batched = await open({ serving });
    const reported = (await batched.client.call('ModelConfig', { name: 'tensor-demo' })).config;
    expect(reported).toMatchObject({
      max_batch_size: 8,
      dynamic_batching: { max_queue_delay_microseconds: '500' },
    });
    expect(reported.input.map(({ dims }: Answer) => dims)).toEqual([['3'], ['3'], []]);
  });

  it('statistics of what was answered and what was not', async () => {
    const { client } = await open();
    await client.call('ModelInfer', one(1));
    await client.call('ModelInfer', one(2));
    const { model_stats: stats } = await client.call('ModelStatistics', { name: 'one' });
    expect(stats).toMatchObject([
      { name: 'one', version: '1.2.0', inference_count: '2', execution_count: '2' },
    ]);
    const { success, fail, compute_infer: compute } = stats[0].inference_stats;
    expect([success.count, fail.count, compute.count]).toEqual(['2', '0', '2']);
    expect(Number(success.ns)).toBeGreaterThan(0);
    expect(stats[0].batch_stats).toMatchObject([{ batch_size: '1', compute_infer: { count: '2' } }]);
    const all = await client.call('ModelStatistics');
    expect(all.model_stats.map(({ name }: Answer) => name)).toContain('tensor-demo');
  });

  it('the repository: index, unload, load', async () => {
    const { client } = await open();
    const stateOf = async (): Promise<string> =>
      (await client.call('RepositoryIndex')).models.find(({ name }: Answer) => name === 'one')?.state;
    expect(await stateOf()).toBe('READY');
    await client.call('RepositoryModelUnload', { model_name: 'one' });
    expect(await stateOf()).toBe('UNAVAILABLE');
    expect(await client.call('ModelReady', { name: 'one' })).toEqual({ ready: false });
    const { models } = await client.call('RepositoryIndex', { ready: true });
    expect(models.some(({ name }: Answer) => name === 'one')).toBe(false);
    const why = await client.call('ModelInfer', one(1)).catch((error: Answer) => error);
    expect(why.code).toBe(status.UNAVAILABLE);
    expect(why.metadata.get('outpost-fault')).toEqual(['model-unloaded']);
    expect(why.metadata.get('retry-after')).toEqual(['1']);
    await client.call('RepositoryModelLoad', { model_name: 'one' });
    expect(await stateOf()).toBe('READY');
    expect(await client.call('ModelInfer', one(1))).toMatchObject({ model_name: 'one' });
    const other = { config: { string_param: '{}' } };
    const loaded = client.call('RepositoryModelLoad', { model_name: 'one', parameters: other });
    expect(await codeOf(loaded)).toBe(status.INVALID_ARGUMENT);
    expect(await codeOf(client.call('RepositoryModelLoad', { model_name: 'two' }))).toBe(status.NOT_FOUND);
  });

  it('says so where there is nothing', async () => {
    const { client } = await open();
    for (const method of [
      'SystemSharedMemoryStatus',
      'CudaSharedMemoryStatus',
      'TraceSetting',
      'LogSettings',
    ])
      expect(await codeOf(client.call(method))).toBe(status.UNIMPLEMENTED);
  });

  it('health as gRPC asks for it', async () => {
    const { client } = await open({}, 'grpc.health.v1.Health');
    expect(await client.call('Check')).toEqual({ status: 'SERVING' });
    expect(await client.call('Check', { service: 'one' })).toEqual({ status: 'SERVING' });
    expect(await codeOf(client.call('Check', { service: 'two' }))).toBe(status.NOT_FOUND);
  });
});

describe('a stream', () => {
  it('gives one response for each request, in their order, and goes on after a fault', async () => {
    const { client } = await open();
    const stream = client.stream();
    const answers: Answer[] = [];
    stream.on('data', (answer: Answer) => answers.push(answer));
    for (let value = 0; value < 200; value += 1)
      stream.write(one(value, value === 7 ? { model_name: 'two' } : {}));
    stream.end();
    await once(stream, 'end');
    expect(answers.map(({ infer_response: { id } }) => id)).toEqual(Array.from(answers, (_, at) => `n${at}`));
    expect(answers).toHaveLength(200);
    expect(answers[7].error_message).toMatch(/two/u);
    expect(answers.filter(({ error_message: text }) => text !== '')).toHaveLength(1);
    expect(answers[199].infer_response.raw_output_contents[0].readFloatLE(0)).toBe(199);
  });

  it('that is cancelled lets the server go on', async () => {
    const { client } = await open();
    const stream = client.stream();
    const ended = once(stream, 'error').catch((error: unknown) => [error]);
    for (let value = 0; value < 100; value += 1) stream.write(one(value));
    stream.cancel();
    expect(((await ended) as readonly Answer[])[0].code).toBe(status.CANCELLED);
    expect(await client.call('ModelInfer', one(1))).toMatchObject({ id: 'n1' });
  });
});

describe('time', () => {
  it("the client's deadline and the timeout parameter reach the engine", async () => {
    const asked: (number | undefined)[] = [];
    const { infer } = opened.serving;
    const serving = {
      ...opened.serving,
      infer: (request: Parameters<typeof infer>[0]) => {
        asked.push(request.deadlineMs);
        return infer(request);
      },
    };
    const { client } = await open({ serving });
    await client.call('ModelInfer', one(1));
    await client.call('ModelInfer', one(1), { deadline: Date.now() + 5_000 });
    await client.call('ModelInfer', one(1, { parameters: { timeout: { int64_param: 2_000_000 } } }));
    expect(asked[0]).toBe(limits.timeoutMs);
    expect(asked[1]).toBeGreaterThan(3_000);
    expect(asked[1]).toBeLessThanOrEqual(5_000);
    expect(asked[2]).toBe(2_000);
    // A microsecond is over before anything can run.
    const late = client.call('ModelInfer', one(1, { parameters: { timeout: { int64_param: 1 } } }));
    expect(await codeOf(late)).toBe(status.DEADLINE_EXCEEDED);
  });

  it('a caller who goes away aborts what has not begun', async () => {
    let aborted: (() => void) | undefined;
    const absent = new Promise<void>((resolve) => {
      aborted = resolve;
    });
    const { infer } = opened.serving;
    const serving = {
      ...opened.serving,
      infer: async (request: Parameters<typeof infer>[0]) => {
        request.signal?.addEventListener('abort', () => aborted?.());
        await absent;
        return infer(request);
      },
    };
    const { client } = await open({ serving });
    expect(await codeOf(client.call('ModelInfer', one(1), { deadline: Date.now() + 200 }))).toBe(
      status.DEADLINE_EXCEEDED,
    );
    await absent;
  });

  it('a request that does not arrive is ended', async () => {
    const { server } = await open({ limits: { ...limits, receiveTimeoutMs: 200 } });
    const session = http2Connect(`http://${server.address}`);
    const begun = performance.now();
    const call = session.request({
      ':method': 'POST',
      ':path': '/inference.GRPCInferenceService/ModelInfer',
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    call.write(Buffer.from([0, 0, 0, 1, 0]));
    const [headers] = (await once(call, 'response')) as [Readonly<Record<string, string>>];
    expect(headers['grpc-status']).toBe(String(status.DEADLINE_EXCEEDED));
    expect(performance.now() - begun).toBeLessThan(2_000);
    session.destroy();
  });
});

describe('who may ask', () => {
  const known: Readonly<Record<string, Caller>> = {
    all: { program: 'all', models: null, isControl: true },
    some: { program: 'some', models: ['one'], isControl: false },
  };
  const tokens = { find: (token: string) => known[token] ?? null };
  const mayAsk = ({ models, program }: Caller, model: string) =>
    models === null || models.includes(model) ? null : fault('token-not-allowed', { program, what: model });

  it('nobody from outside without a token', async () => {
    const refused = await openGrpcServer({
      serving: opened.serving,
      statistics: openStatistics(opened.serving),
      limits,
      budget: new ByteBudget(Infinity),
      tokens: null,
      anyone,
      bind: '0.0.0.0:0',
      mayAsk,
      appVersion: '0.1.0',
      log: () => {},
    });
    expect(refused).toMatchObject({ ok: false, fault: { code: 'bind-needs-token' } });
  });

  it('by token, for the models and rights that it has', async () => {
    const entries: AccessEntry[] = [];
    const { server, client } = await open({ tokens, mayAsk, onAccess: (entry) => entries.push(entry) });
    expect(await client.call('ServerLive')).toEqual({ live: true });
    const health = connect(server.address, 'grpc.health.v1.Health');
    expect(await health.call('Check')).toEqual({ status: 'SERVING' });
    expect(await codeOf(health.call('Check', { service: 'one' }))).toBe(status.PERMISSION_DENIED);
    expect(await health.call('Check', { service: 'one' }, { token: 'some' })).toEqual({ status: 'SERVING' });
    health.close();
    expect(await codeOf(client.call('ServerMetadata'))).toBe(status.UNAUTHENTICATED);
    expect(await codeOf(client.call('ModelInfer', one(1), { token: 'odd' }))).toBe(status.UNAUTHENTICATED);
    expect(await codeOf(client.call('ModelInfer', one(1), { token: 'some' }))).toBe(status.OK);
    const other = client.call('ModelMetadata', { name: 'tensor-demo' }, { token: 'some' });
    expect(await codeOf(other)).toBe(status.PERMISSION_DENIED);
    const unload = client.call('RepositoryModelUnload', { model_name: 'one' }, { token: 'some' });
    expect(await codeOf(unload)).toBe(status.PERMISSION_DENIED);
    const { models } = await client.call('RepositoryIndex', {}, { token: 'some' });
    expect(models.map(({ name }: Answer) => name)).toEqual(['one']);
    expect(entries.find(({ path: of }) => of.endsWith('/ModelMetadata'))).toMatchObject({
      status: 403,
      method: 'gRPC',
      path: '/inference.GRPCInferenceService/ModelMetadata',
      program: 'some',
      model: 'tensor-demo',
      why: { code: 'token-not-allowed', params: { program: 'some', what: 'tensor-demo' } },
    });
    expect(entries.filter(({ status: code }) => code === 401)).toHaveLength(2);
  });
});

describe('addresses', () => {
  it('one that is taken is a fault', async () => {
    const { server } = await open();
    const again = openGrpcServer({
      serving: opened.serving,
      statistics: openStatistics(opened.serving),
      limits,
      budget: new ByteBudget(Infinity),
      tokens: null,
      anyone,
      bind: server.address,
      mayAsk: () => null,
      appVersion: '0.1.0',
      log: () => {},
    });
    expect(await again).toMatchObject({ ok: false, fault: { code: 'address-in-use' } });
  });

  it('a socket file', async () => {
    const file = path.join(newFolder('grpc'), 'a.sock');
    const { server, client } = await open({ bind: `unix:${file}` });
    expect(server.address).toBe(`unix:${file}`);
    expect(await client.call('ModelInfer', one(3))).toMatchObject({ id: 'n3' });
  });

  it('closes after what is under way', async () => {
    const { server, client } = await open();
    // The connection is there before the server closes, however busy the machine.
    await client.call('ServerLive');
    const answer = client.call('ModelInfer', one(4));
    await new Promise((resolve) => setTimeout(resolve, 5));
    await Promise.all([server.close({ graceMs: 5_000 }), answer]);
    expect(await answer).toMatchObject({ id: 'n4' });
    const [, port] = server.address.split(':');
    const socket = connectSocket(Number(port), '127.0.0.1');
    await expect(once(socket, 'connect')).rejects.toThrow(/ECONNREFUSED/u);
  });

  it('answers what comes on a kept connection while it closes, and says there that no other call is taken', async () => {
    const { server } = await open();
    const session = http2Connect(`http://${server.address}`);
    const ask = async (): Promise<unknown> => {
      const call = session.request({
        ':method': 'POST',
        ':path': '/inference.GRPCInferenceService/ServerLive',
        'content-type': 'application/grpc',
        te: 'trailers',
      });
      call.end(Buffer.alloc(5));
      call.resume();
      const [trailers] = (await once(call, 'trailers')) as [Readonly<Record<string, string>>];
      return trailers['grpc-status'];
    };
    expect(await ask()).toBe('0');
    const closed = server.close({ graceMs: 10_000 });
    const leaving = once(session, 'goaway');
    // Without a call on it the connection is left alone: one may be on its way.
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await ask()).toBe('0');
    const [code, lastStream] = await leaving;
    expect([code, lastStream]).toEqual([constants.NGHTTP2_NO_ERROR, 3]);
    await closed;
  });
});
