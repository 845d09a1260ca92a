import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fault } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { clientReason } from '../../../contract/faults/reasons.ts';
import type { ServedState } from '../../../contract/serving/serving.ts';
import type { InferRequest } from '../../../main/serving/index.ts';
import { metadataBody, statusBody } from '../../../main/http/tfserving/bodies.ts';
import { errorOf, get, post, startTfs } from './fixture.ts';
import type { TfsServer } from './fixture.ts';

let server: TfsServer;
beforeAll(async () => {
  server = await startTfs();
});
afterAll(() => server.close());
const json = async (path: string): Promise<unknown> =>
  JSON.parse((await get(`${server.url}/v1/models/${path}`)).text);
const fine = { error_code: 'OK', error_message: '' };

describe('status', () => {
  it('names every version with its state, as strings', async () => {
    await post(`${server.url}/v1/models/half-plus-two:predict`, { instances: [1] });
    expect(await json('half-plus-two')).toEqual({
      model_version_status: [{ version: '1002003', state: 'AVAILABLE', status: fine }],
      // What kserve's client reads in its first protocol: is_model_ready.
      name: 'half-plus-two',
      ready: true,
    });
    expect(await json('tensor-demo')).toMatchObject({
      model_version_status: [
        { version: '2001000', state: expect.stringMatching(/^(START|LOADING|AVAILABLE)$/u) as string },
        { version: '1000000' },
      ],
    });
  });

  it('of no model names them all, as KServe has it', async () => {
    const { models } = JSON.parse((await get(`${server.url}/v1/models`)).text) as { models: string[] };
    expect(models).toEqual(expect.arrayContaining(['half-plus-two', 'tensor-demo']));
    expect(new Set(models).size).toBe(models.length);
  });

  it('of one version is asked by its number, its major number or a label', async () => {
    const one = { model_version_status: [{ version: '1000000', state: 'START', status: fine }] };
    expect(await json('tensor-demo/versions/1000000')).toEqual(one);
    expect(await json('tensor-demo/versions/1')).toEqual(one);
    expect(await json('tensor-demo/versions/0001')).toEqual(one);
    expect(await json('tensor-demo/labels/stable')).toMatchObject({ model_version_status: [{}] });
    const none = await get(`${server.url}/v1/models/tensor-demo/versions/9`);
    expect([none.status, errorOf(none)]).toEqual([404, expect.stringContaining('tensor-demo')]);
    const model = await get(`${server.url}/v1/models/nope`);
    expect([model.status, errorOf(model)]).toEqual([404, expect.stringContaining('nope')]);
  });

  it('tells every state in TensorFlow Serving’s words', () => {
    const served = server.context.serving.catalogue()[0]!;
    const lost = fault('worker-timeout', { file: 'a', seconds: 3 });
    const states: readonly ServedState[] = [
      { kind: 'unloaded' },
      { kind: 'loading' },
      { kind: 'available' },
      { kind: 'end', fault: null },
      { kind: 'end', fault: lost },
    ];
    expect(statusBody(states.map((state) => ({ ...served, state })))).toMatchObject({
      model_version_status: [
        { state: 'START' },
        { state: 'LOADING' },
        { state: 'AVAILABLE' },
        { state: 'END', status: fine },
        { state: 'END', status: { error_code: 'DEADLINE_EXCEEDED', error_message: lost.message } },
      ],
    });
  });
});

describe('metadata', () => {
  it('is a SignatureDefMap with sizes as strings', async () => {
    expect(await json('half-plus-two/metadata')).toEqual({
      model_spec: { name: 'half-plus-two', signature_name: '', version: '1002003' },
      metadata: {
        signature_def: {
          signature_def: {
            serving_default: {
              inputs: { x: info('x', 'DT_FLOAT') },
              outputs: { y: info('y', 'DT_FLOAT') },
              method_name: 'tensorflow/serving/predict',
            },
            regression: {
              inputs: { inputs: info('inputs', 'DT_STRING', '') },
              outputs: { outputs: info('outputs', 'DT_FLOAT', '') },
              method_name: 'tensorflow/serving/regress',
            },
          },
        },
      },
    });
  });

  it('of a version is asked by number and label, in any case', async () => {
    expect(await json('tensor-demo/VERSIONS/2/Metadata')).toMatchObject({
      model_spec: { version: '2001000' },
    });
    expect((await get(`${server.url}/v1/models/tensor-demo/labels/none/metadata`)).status).toBe(404);
  });

  it('names the picture signatures and every element type', () => {
    const { serving } = server.context;
    const bodies = serving.catalogue().map((served) => JSON.stringify(metadataBody(served)));
    const pictures = bodies.find((body) => body.includes('"efficientnet-lite0"'))!;
    expect(pictures).toContain('"predict_images"');
    expect(pictures).toContain('tensorflow/serving/classify');
    const types = 'FLOAT DOUBLE HALF INT8 UINT8 INT16 UINT16 INT32 UINT32 INT64 UINT64 BOOL STRING'.split(
      ' ',
    );
    for (const type of types) expect(bodies.some((body) => body.includes(`"DT_${type}"`))).toBe(true);
  });

  const info = (name: string, dtype: string, dim = 'N'): object => ({
    dtype,
    tensor_shape: { dim: [{ size: '-1', name: dim }], unknown_rank: false },
    name: `${name}:0`,
  });
});

describe('versions and labels', () => {
  it('are asked by number or label', async () => {
    const body = { inputs: { a: [[1, 2, 3]], b: [[1, 1, 1]], count: [5] } };
    for (const which of ['/versions/1', '/versions/2001000', '/labels/stable', '']) {
      const answer = await post(`${server.url}/v1/models/tensor-demo${which}:predict`, body);
      expect([which, answer.status]).toEqual([which, 200]);
    }
  });
});

describe('an engine that does not answer', () => {
  it.each([
    [fault('deadline-exceeded', { seconds: 1 }), 504, null],
    [fault('busy', { waiting: 9 }), 503, '1'],
    [fault('model-unloaded', { model: 'm' }), 503, '1'],
    [fault('worker-crashed', { file: 'f', reason: clientReason('r') }), 500, null],
  ])('is told with its status: $code', async (why, status, retry) => {
    const { serving } = server.context;
    const asked: InferRequest[] = [];
    const infer = serving.infer;
    serving.infer = async (request): Promise<Outcome<never>> => {
      asked.push(request);
      return { ok: false, fault: why };
    };
    const answer = await post(`${server.url}/v1/models/half-plus-two:predict`, { instances: [1] });
    serving.infer = infer;
    expect([answer.status, errorOf(answer), answer.headers.get('retry-after')]).toEqual([
      status,
      why.message,
      retry,
    ]);
    expect(asked[0]).toMatchObject({ client: 'http', deadlineMs: 60_000 });
  });

  it('is given up when the asker goes', async () => {
    const { serving } = server.context;
    const infer = serving.infer;
    const absent = new Promise<void>((resolve) => {
      serving.infer = ({ signal }) => {
        signal!.addEventListener('abort', () => resolve());
        return new Promise(() => {});
      };
    });
    const end = new AbortController();
    const url = `${server.url}/v1/models/half-plus-two:predict`;
    const answer = fetch(url, { method: 'POST', body: '{"instances":[1]}', signal: end.signal });
    setTimeout(() => end.abort(), 50);
    await expect(answer).rejects.toThrow();
    await absent;
    serving.infer = infer;
  });

  it('that unloaded the model says so', async () => {
    const { serving } = server.context;
    await serving.unload('echo-bool');
    expect(await json('echo-bool')).toMatchObject({
      model_version_status: [{ state: 'END' }],
      ready: false,
    });
    const answer = await post(`${server.url}/v1/models/echo-bool:predict`, { instances: [[true]] });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
  });
});
