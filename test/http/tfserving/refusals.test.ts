import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fault } from '../../../contract/faults/faults.ts';
import type { Fault } from '../../../contract/faults/faults.ts';
import { errorOf, get, post, startTfs } from './fixture.ts';
import type { TfsServer } from './fixture.ts';

let server: TfsServer;
let bar: Fault | null = null;
beforeAll(async () => {
  server = await startTfs({ mayAsk: () => bar });
});
afterAll(() => server.close());

const refusal = async (path: string, body: unknown): Promise<readonly [number, string]> => {
  const answer = await post(`${server.url}/v1/models/${path}`, body);
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/u);
  return [answer.status, errorOf(answer)];
};

describe('a predict request is refused with the place of what is wrong', () => {
  const h = 'half-plus-two:predict';
  const d = 'tensor-demo:predict';
  const row = { a: [1, 2, 3], b: [1, 2, 3], count: 1 };
  it.each<readonly [string, string, unknown, string]>([
    ['an empty body', h, '', 'an object is missing (byte 0)'],
    ['only blanks', h, '  ', 'an object is missing (byte 2)'],
    ['malformed JSON', h, '{"instances": [1, 2,]}', 'Input x: a value is missing behind a comma (byte 20)'],
    ['an open list', h, '{"instances": [1, 2', 'a list does not end (byte 14)'],
    ['no comma', h, '{"instances": [1] "a": 2}', 'a comma or } is missing (byte 18)'],
    ['an open text', h, '{"instances": ["a]}', 'a string does not end (byte 15)'],
    ['a bare name', h, '{instances: [1]}', 'a name is missing (byte 1)'],
    ['no colon', h, '{"instances" [1]}', 'a colon is missing (byte 13)'],
    ['two documents', h, '{"instances": [1]} 1', 'something stands behind the object (byte 18)'],
    ['a number without its fraction', h, '{"instances": [1.]}', 'Input x: 1. is not a number (byte 15)'],
    ['a number without its exponent', h, '{"instances": [1e]}', 'Input x: 1e is not a number (byte 15)'],
    [
      'a number beyond double',
      h,
      '{"instances": [1e999]}',
      'Input x: 1e999 is too large for float32 (byte 15)',
    ],
    ['an unknown escape', h, '{"instances": ["\\x"]}', 'Input x: "\\x" is not a number (byte 15)'],
    [
      'half a surrogate pair',
      h,
      '{"instances": ["\\ud800"]}',
      'Input x: "\\ud800" is not a number (byte 15)',
    ],
    ['a list alone', h, '[1, 2]', 'an object is missing (byte 0)'],
    ['neither key', h, '{"x": 1}', "'inputs' or 'instances' is missing (byte 0)"],
    [
      'both keys',
      h,
      '{"instances": [1], "inputs": [1]}',
      "only one of 'inputs' and 'instances' is taken (byte 29)",
    ],
    ['instances that are no list', h, '{"instances": 1}', "'instances' is not a list (byte 14)"],
    ['no instances', h, '{"instances": []}', "'instances' has no values (byte 14)"],
    ['a signature that is no text', h, '{"signature_name": 1}', "'signature_name' is not a text (byte 19)"],
    [
      'an unknown signature',
      h,
      '{"signature_name": "x"}',
      'There is no signature x; there is serving_default, regression',
    ],
    [
      'a signature of another method',
      h,
      '{"signature_name": "regression"}',
      'Signature regression is for regress, and predict was asked',
    ],
    [
      'bare values for several inputs',
      d,
      '{"instances": [1]}',
      "'instances' is a list of values, and the model takes objects with its inputs a, b, count (byte 14)",
    ],
    [
      'bare columns for several inputs',
      d,
      '{"inputs": [1]}',
      "'inputs' is a value or list, and the model takes objects with its inputs a, b, count (byte 11)",
    ],
    ['a list among objects', d, { instances: [row, [1]] }, 'an object is missing (byte 50)'],
    ['an object among values', h, { instances: [1, { x: 1 }] }, 'Input x: {"x":1 is not a number (byte 16)'],
    [
      'a missing name',
      d,
      '{"instances": [{"a": [1,2,3]}]}',
      'instance 0 lacks an input; the model takes a, b, count (byte 15)',
    ],
    ['a missing column', d, { inputs: { a: [[1, 2, 3]] } }, "Input b: it is missing in 'inputs' (byte 10)"],
    [
      'a name too many',
      d,
      { instances: [{ ...row, z: 1 }] },
      'instance 0: the model has no input z (byte 53)',
    ],
    [
      'ragged rows',
      d,
      { instances: [row, { ...row, a: [1, 2] }] },
      'Input a: its shape is [2], and [3] came before (byte 55)',
    ],
    [
      'rows of another shape',
      'echo-float32:predict',
      { instances: [[[1, 2]], [[1], [2]]] },
      'Input x: lists of level 3 have 2 and 1 values (byte 25)',
    ],
    [
      'ragged lists',
      'echo-float32:predict',
      { inputs: [[1, 2], [3]] },
      'Input x: lists of level 2 have 2 and 1 values (byte 19)',
    ],
    [
      'a list too deep',
      'echo-float32:predict',
      {
        inputs: [
          [1, 2],
          [3, [4]],
        ],
      },
      'Input x: values and lists are mixed (byte 20)',
    ],
    [
      'a value too high',
      'echo-float32:predict',
      '{"inputs": [[1, 2], 3]}',
      'Input x: values and lists are mixed (byte 20)',
    ],
    [
      'a text for a number',
      'echo-float32:predict',
      '{"inputs": [["a"]]}',
      'Input x: "a" is not a number (byte 13)',
    ],
    [
      'null for a number',
      'echo-int32:predict',
      '{"inputs": [[null]]}',
      'Input x: null is not a whole number (byte 13)',
    ],
    [
      'NaN for a whole number',
      'echo-int64:predict',
      '{"inputs": [[NaN]]}',
      'Input x: NaN is not a whole number (byte 13)',
    ],
    [
      'an object for a number',
      'echo-float64:predict',
      '{"inputs": [[{"b64": "aa"}]]}',
      'Input x: {"b64": is not a number (byte 13)',
    ],
    [
      'a number for a text',
      'echo-string:predict',
      '{"inputs": [[1]]}',
      'Input x: a text is missing, and 1 stands there (byte 13)',
    ],
    [
      'bad base64',
      'echo-string:predict',
      '{"inputs": [[{"b64": "a*=="}]]}',
      'Input x: this is not base64 (byte 21)',
    ],
    [
      'base64 that is no text',
      'echo-string:predict',
      '{"inputs": [[{"b64": 7}]]}',
      'Input x: bytes come as {"b64": "…"} and nothing besides (byte 13)',
    ],
    [
      'JSON nested too deep',
      h,
      `{"instances": ${'['.repeat(100)}${']'.repeat(100)}}`,
      'Input x: nested deeper than 64 (byte 78)',
    ],
  ])('%s', async (_, path, body, text) => {
    expect(await refusal(path, body)).toEqual([400, text]);
  });

  it('repeats little of a long value', async () => {
    const [, text] = await refusal('half-plus-two:predict', `{"instances": ["${'é'.repeat(3000)}"]}`);
    expect(text.length).toBeLessThan(500);
    const [, name] = await refusal('tensor-demo:predict', `{"instances": [{"${'n'.repeat(3000)}": 1}]}`);
    expect(name).toContain('the model has no input n');
    expect(name.length).toBeLessThan(200);
  });

  it('of bytes besides b64, and of half a surrogate pair', async () => {
    const c = 'echo-string:predict';
    const b64 = 'Input x: bytes come as {"b64": "…"} and nothing besides (byte 16)';
    expect(await refusal(c, '{"instances": [[{"b64": "aGk=", "a": 1}]]}')).toEqual([400, b64]);
    expect(await refusal(c, '{"instances": [["\\ud800"]]}')).toEqual([
      400,
      'Input x: half a surrogate pair is no text (byte 16)',
    ]);
    expect((await refusal(c, '{"instances": [["a\nb"]]}'))[1]).toContain('is not JSON');
  });

  it('with a shape that the model does not take, or more elements than allowed', async () => {
    const [status, text] = await refusal('tensor-demo:predict', {
      inputs: { a: [[1]], b: [[1, 2, 3]], count: [1] },
    });
    expect([status, text.includes('Input a')]).toEqual([400, true]);
    const many = `[[${'1,'.repeat(4 * 1024 ** 2)}1]]`;
    const [, large] = await refusal('echo-float32:predict', `{"inputs": ${many}}`);
    expect(large).toContain('Input x: more than 4194304 elements');
  });
});

describe('paths', () => {
  it('match in any case, and with %3A for the colon', async () => {
    for (const path of [
      '/V1/Models/half-plus-two:PREDICT',
      '/v1/models/half-plus-two%3Apredict',
      '/v1/models/half%2Dplus-two:predict',
    ]) {
      const answer = await post(`${server.url}${path}`, { instances: [0] });
      expect([path, answer.status]).toEqual([path, 200]);
    }
  });

  it.each([
    ['GET', '/v1/models/', 'GET /v1/models/'],
    ['GET', '/v1/models/half-plus-two:predict', 'GET /v1/models/half-plus-two:predict'],
    ['GET', '/v1/models/half-plus-two/versions/x', 'GET /v1/models/half-plus-two/versions/x'],
    [
      'GET',
      '/v1/models/half-plus-two/versions/1/labels/a?q=1',
      'GET /v1/models/half-plus-two/versions/1/labels/a',
    ],
    ['GET', '/v1/nothing', 'GET /v1/nothing'],
    ['POST', '/v1/models/half-plus-two', 'POST /v1/models/half-plus-two'],
    ['POST', '/v1/models/half-plus-two:explain', 'POST /v1/models/half-plus-two:explain'],
    ['DELETE', '/v1/models/half-plus-two', 'DELETE /v1/models/half-plus-two'],
    ['PUT', '/v1/models/half-plus-two:predict', 'PUT /v1/models/half-plus-two:predict'],
  ])('that are none are malformed: %s %s', async (method, path, named) => {
    const answer = await get(`${server.url}${path}`, method);
    expect([answer.status, errorOf(answer)]).toEqual([400, `There is no ${named} in this protocol`]);
  });

  it('of unknown models, versions and labels are not found', async () => {
    const body = { instances: [1] };
    for (const path of ['nope', 'half-plus-two/versions/7', 'half-plus-two/labels/canary']) {
      const [status, text] = await refusal(`${path}:predict`, body);
      expect([status, text]).toEqual([404, expect.stringContaining(path.split('/').at(-1)!)]);
    }
    const huge = '9223372036854775808';
    expect(await refusal(`half-plus-two/versions/${huge}:predict`, body)).toEqual([
      400,
      `Version ${huge} is beyond 64 bits`,
    ]);
  });
});

describe('who may not ask', () => {
  it('is told so with the status of the fault, before anything is looked up', async () => {
    bar = fault('token-not-allowed', { program: 'a', what: 'half-plus-two' });
    expect(await refusal('nope:predict', '')).toEqual([403, bar.message]);
    expect((await get(`${server.url}/v1/models/half-plus-two`)).status).toBe(403);
    bar = null;
  });
});
