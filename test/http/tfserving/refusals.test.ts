import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fault } from '../../../contract/faults.ts';
import type { Fault } from '../../../contract/faults.ts';
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

describe('a predict request is refused in TensorFlow Serving’s words', () => {
  const h = 'half-plus-two:predict';
  const d = 'tensor-demo:predict';
  const row = { a: [1, 2, 3], b: [1, 2, 3], count: 1 };
  const plain =
    'is a plain list, but expecting list of objects as multiple input tensors required as per tensorinfo_map';
  it.each<readonly [string, string, unknown, string]>([
    ['an empty body', h, '', 'JSON Parse error: The document is empty'],
    ['only blanks', h, '  ', 'JSON Parse error: The document is empty. at offset: 2'],
    ['malformed JSON', h, '{"instances": [1, 2,]}', 'JSON Parse error: Invalid value. at offset: 20'],
    [
      'an open list',
      h,
      '{"instances": [1, 2',
      'JSON Parse error: Missing a comma or ] after an array element. at offset: 19',
    ],
    [
      'no comma',
      h,
      '{"instances": [1] "a": 2}',
      'JSON Parse error: Missing a comma or } after an object member. at offset: 18',
    ],
    [
      'an open text',
      h,
      '{"instances": ["a]}',
      'JSON Parse error: Missing a closing quotation mark in string. at offset: 15',
    ],
    [
      'a bare name',
      h,
      '{instances: [1]}',
      'JSON Parse error: Missing a name for object member. at offset: 1',
    ],
    [
      'no colon',
      h,
      '{"instances" [1]}',
      'JSON Parse error: Missing a colon after a name of object member. at offset: 13',
    ],
    [
      'two documents',
      h,
      '{"instances": [1]} 1',
      'JSON Parse error: The document root must not be followed by other values. at offset: 19',
    ],
    [
      'a number without its fraction',
      h,
      '{"instances": [1.]}',
      'JSON Parse error: Miss fraction part in number. at offset: 15',
    ],
    [
      'a number without its exponent',
      h,
      '{"instances": [1e]}',
      'JSON Parse error: Miss exponent in number. at offset: 15',
    ],
    [
      'a number beyond double',
      h,
      '{"instances": [1e999]}',
      'JSON Parse error: Number too big to be stored in double. at offset: 15',
    ],
    [
      'an unknown escape',
      h,
      '{"instances": ["\\x"]}',
      'JSON Parse error: Invalid escape character in string. at offset: 15',
    ],
    [
      'half a surrogate pair',
      h,
      '{"instances": ["\\ud800"]}',
      'JSON Parse error: The surrogate pair in string is invalid. at offset: 15',
    ],
    ['a list alone', h, '[1, 2]', 'JSON Value: [1, 2] Is not object'],
    ['neither key', h, '{"x": 1}', "Missing 'inputs' or 'instances' key"],
    [
      'both keys',
      h,
      '{"instances": [1], "inputs": [1]}',
      'JSON Value: {"instances": [1], "inputs": [1]} Not formatted correctly expecting only one of \'inputs\' or \'instances\' keys to exist ',
    ],
    [
      'instances that are no list',
      h,
      '{"instances": 1}',
      'JSON Value: {"instances": 1} Excepting \'instances\' to be an list/array',
    ],
    [
      'no instances',
      h,
      '{"instances": []}',
      'JSON Value: {"instances": []} No values in \'instances\' array',
    ],
    [
      'a signature that is no text',
      h,
      '{"signature_name": 1}',
      'JSON Value: {"signature_name": 1} not formatted correctly. \'signature_name\' key must be a string value.',
    ],
    [
      'an unknown signature',
      h,
      '{"signature_name": "x"}',
      'Serving signature name: "x" not found in signature def',
    ],
    [
      'a signature of another method',
      h,
      '{"signature_name": "regression"}',
      'Expected prediction signature method_name to be tensorflow/serving/predict. Was: tensorflow/serving/regress',
    ],
    ['bare values for several inputs', d, '{"instances": [1]}', `instances ${plain}`],
    [
      'bare columns for several inputs',
      d,
      '{"inputs": [1]}',
      'inputs is a plain value/list, but expecting an object as multiple input tensors required as per tensorinfo_map',
    ],
    [
      'a list among objects',
      d,
      { instances: [row, [1]] },
      'Expecting object but got list at item 1 of input list',
    ],
    [
      'an object among values',
      h,
      { instances: [1, { x: 1 }] },
      'Expecting value/list but got object at item 1 of input list',
    ],
    [
      'a missing name',
      d,
      '{"instances": [{"a": [1,2,3]}]}',
      'Failed to process element: 0 of \'instances\' list. JSON object: {"a": [1,2,3]} keys must be equal to: a,b,count',
    ],
    ['a missing column', d, { inputs: { a: [[1, 2, 3]] } }, "Missing named input: b in 'inputs' object."],
    [
      'a name too many',
      d,
      { instances: [{ ...row, z: 1 }] },
      "Failed to process element: 0 key: z of 'instances' list. Error: INVALID_ARGUMENT: JSON object: does not have named input: z",
    ],
    [
      'ragged rows',
      d,
      { instances: [row, { ...row, a: [1, 2] }] },
      "Failed to process element: 1 key: a of 'instances' list. Error: INVALID_ARGUMENT: Expecting tensor size: 3 but got: 2",
    ],
    [
      'rows of another shape',
      'echo-float32:predict',
      { instances: [[[1, 2]], [[1], [2]]] },
      "Failed to process element: 1 of 'instances' list. Error: INVALID_ARGUMENT: Expecting shape [1,2] but got: [2,1]",
    ],
    [
      'ragged lists',
      'echo-float32:predict',
      { inputs: [[1, 2], [3]] },
      'Encountered list at unexpected size: 1 at level: 1 expected size: 2',
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
      'Encountered list at unexpected level: 2 expected < 2',
    ],
    [
      'a value too high',
      'echo-float32:predict',
      '{"inputs": [[1, 2], 3]}',
      'JSON Value: 3 found at incorrect level: 2 in the JSON DOM. Expected at level: 2',
    ],
    [
      'a text for a number',
      'echo-float32:predict',
      '{"inputs": [["a"]]}',
      'JSON Value: "a" Type: String is not of expected type: float',
    ],
    [
      'null for a number',
      'echo-int32:predict',
      '{"inputs": [[null]]}',
      'JSON Value: null Type: Null is not of expected type: int32',
    ],
    [
      'NaN for a whole number',
      'echo-int64:predict',
      '{"inputs": [[NaN]]}',
      'JSON Value: NaN Type: Number is not of expected type: int64',
    ],
    [
      'an object for a number',
      'echo-float64:predict',
      '{"inputs": [[{"b64": "aa"}]]}',
      'JSON Value: {"b64": "aa"} Type: Object is not of expected type: double',
    ],
    [
      'a number for a text',
      'echo-string:predict',
      '{"inputs": [[1]]}',
      'JSON Value: 1 Type: Number is not of expected type: string',
    ],
    ['bad base64', 'echo-string:predict', '{"inputs": [[{"b64": "a*=="}]]}', 'Unable to base64 decode'],
    [
      'base64 that is no text',
      'echo-string:predict',
      '{"inputs": [[{"b64": 7}]]}',
      'JSON Value: {"b64": 7} not formatted correctly for base64 data',
    ],
    [
      'JSON nested too deep',
      h,
      `{"instances": ${'['.repeat(100)}${']'.repeat(100)}}`,
      'JSON Parse error: Nested deeper than 64. at offset: 77',
    ],
  ])('%s', async (_, path, body, text) => {
    expect(await refusal(path, body)).toEqual([400, text]);
  });

  it('echoes at most 256 bytes, and no broken character', async () => {
    const [, text] = await refusal('half-plus-two:predict', `{"instances": "${'é'.repeat(300)}"}`);
    const echoed = text.slice('JSON Value: '.length, text.indexOf(' Excepting'));
    expect(Buffer.byteLength(echoed)).toBe(255);
    expect(echoed).toBe(`{"instances": "${'é'.repeat(120)}`);
  });

  it('with a shape that the model does not take, or more elements than allowed', async () => {
    const [status, text] = await refusal('tensor-demo:predict', {
      inputs: { a: [[1]], b: [[1, 2, 3]], count: [1] },
    });
    expect([status, text.includes('Input a')]).toEqual([400, true]);
    const claims = `[[${'1,'.repeat(3000)}1]${',1'.repeat(3000)}]`;
    const [, large] = await refusal('echo-float32:predict', `{"inputs": ${claims}}`);
    expect(large).toBe('Tensor x has more than 4194304 elements.');
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
    expect([answer.status, errorOf(answer)]).toEqual([400, `Malformed request: ${named}`]);
  });

  it('of unknown models, versions and labels are not found', async () => {
    const body = { instances: [1] };
    expect(await refusal('nope:predict', body)).toEqual([
      404,
      'Servable not found for request: Latest(nope)',
    ]);
    expect(await refusal('half-plus-two/versions/7:predict', body)).toEqual([
      404,
      'Servable not found for request: Specific(half-plus-two, 7)',
    ]);
    expect(await refusal('half-plus-two/labels/canary:predict', body)).toEqual([
      404,
      'Unrecognized servable version label: canary',
    ]);
    const huge = '9223372036854775808';
    expect(await refusal(`half-plus-two/versions/${huge}:predict`, body)).toEqual([
      400,
      `Failed to convert version: ${huge} to numeric.`,
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
