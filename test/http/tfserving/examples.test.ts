import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../fakes/engine.ts';
import { errorOf, post, startTfs } from './fixture.ts';
import type { Answer, TfsServer } from './fixture.ts';

let server: TfsServer;
beforeAll(async () => {
  server = await startTfs();
});
afterAll(() => server.close());
const ask = (call: string, body: unknown): Promise<Answer> => post(`${server.url}/v1/models/${call}`, body);
const resultsOf = ({ text }: Answer): unknown => (JSON.parse(text) as { readonly results: unknown }).results;
const refusal = async (call: string, body: unknown): Promise<readonly [number, string]> => {
  const answer = await ask(call, body);
  return [answer.status, errorOf(answer)];
};

describe('classify', () => {
  it('ranks the labels of each picture', async () => {
    const samples = path.join(root, 'models/efficientnet-lite0/samples');
    const manifest = JSON.parse(
      readFileSync(path.join(root, 'models/efficientnet-lite0/manifest.json'), 'utf8'),
    ) as { readonly samples: readonly { readonly file: string }[] };
    const images = manifest.samples
      .slice(0, 2)
      .map(({ file }) => ({ b64: readFileSync(path.join(samples, path.basename(file))).toString('base64') }));
    const answer = await ask('efficientnet-lite0:classify', { examples: images.map((image) => ({ image })) });
    expect(answer.status).toBe(200);
    const results = resultsOf(answer) as readonly (readonly (readonly [string, number])[])[];
    expect(results.map(({ length }) => length)).toEqual(images.map(() => 20));
    for (const pairs of results) {
      expect(pairs[0]![0]).toBeTypeOf('string');
      expect(pairs[0]![1]).toBeGreaterThan(pairs[1]![1]);
    }
    const named = await ask('efficientnet-lite0:classify', {
      signature_name: 'classification',
      context: { image: images[0] },
      examples: [{}],
    });
    expect(resultsOf(named)).toEqual([results[0]]);
  });

  it('gives the label of a graph that names it, with its probability', async () => {
    const answer = await ask('sorter:classify', {
      examples: [
        { x: [0, 0], given: 'even' },
        { x: [5.5, 0.5], given: ['odd'] },
      ],
    });
    expect(answer.text).toContain('[["even", 0.5]], [["odd", 0.993307');
    expect(resultsOf(answer)).toEqual([[['even', 0.5]], [['odd', expect.closeTo(0.9933, 3) as number]]]);
  });

  it('is refused by a model that does not classify', async () => {
    expect(await refusal('half-plus-two:classify', { examples: [{ x: 1 }] })).toEqual([
      400,
      'Expected classification signature method_name to be tensorflow/serving/classify. Was: tensorflow/serving/predict',
    ]);
  });
});

describe('regress', () => {
  it('gives one number for each example', async () => {
    const answer = await ask('half-plus-two:regress', { examples: [{ x: [1.0] }, { x: 2.5 }, { x: 5 }] });
    expect(answer.text).toBe('{\n    "results": [2.5, 3.25, 4.5]\n}');
    const named = await ask('half-plus-two:regress', { signature_name: 'regression', examples: [{ x: 4 }] });
    expect(resultsOf(named)).toEqual([4]);
  });

  it('takes what all examples share from context', async () => {
    const answer = await ask('half-plus-two:regress', { context: { x: 2 }, examples: [{}, {}] });
    expect(resultsOf(answer)).toEqual([3, 3]);
  });

  it('is refused by a model with other outputs', async () => {
    expect(await refusal('tensor-demo:regress', { examples: [{}] })).toEqual([
      400,
      'Expected regression signature method_name to be tensorflow/serving/regress. Was: tensorflow/serving/predict',
    ]);
  });
});

describe('examples', () => {
  const r = 'half-plus-two:regress';
  it.each<readonly [string, unknown, string]>([
    [
      'absent',
      '{"x": 1}',
      'JSON Value: {"x": 1} When method is regress, key \'examples\' is expected and was not found',
    ],
    [
      'no list',
      '{"examples": 1}',
      'JSON Value: {"examples": 1} Expecting \'examples\' value to be an list/array',
    ],
    ['none', '{"examples": []}', 'JSON Value: {"examples": []} \'examples\' value is an empty array'],
    ['no object', '{"examples": [1]}', 'Example must be JSON object but got JSON Number'],
    [
      'a context that is no object',
      '{"context": [], "examples": [{}]}',
      'Example must be JSON object but got JSON Array',
    ],
    ['null', '{"examples": [{"x": null}]}', 'Feature: x has element with unexpected JSON type: Null'],
    [
      'an object besides b64',
      '{"examples": [{"x": {"a": 1}}]}',
      'Feature: x has element with unexpected JSON type: Object',
    ],
    [
      'a list of lists',
      '{"examples": [{"x": [[1]]}]}',
      'Feature: x has element with unexpected JSON type: Array',
    ],
    [
      'mixed kinds',
      '{"examples": [{"x": [1, "a"]}]}',
      'Unexpected element type in feature: x expecting type: int64',
    ],
    [
      'a number beyond int64',
      '{"examples": [{"x": 18446744073709551615}]}',
      'Feature: x has uint64 element. Only int64 is supported.',
    ],
    [
      'a decimal beyond float',
      '{"examples": [{"x": 1e39}]}',
      'Cannot convert JSON value: 1e39 to float without loss of precision.',
    ],
    [
      'a feature twice',
      '{"context": {"x": 1}, "examples": [{"x": 1}]}',
      "Feature: x of example 0 is in 'context' already",
    ],
    [
      'a feature missing',
      '{"examples": [{"y": 1}]}',
      'Feature: x (data type: float) is required but could not be found.',
    ],
    [
      'too many values',
      '{"examples": [{"x": 1}, {"x": [1, 2]}]}',
      'Key: x, Index: 1. Number of float values != expected. values size: 2 but output shape: []',
    ],
    [
      'a text for a number',
      '{"examples": [{"x": "a"}]}',
      'Feature: x of example 0: JSON Value: "a" Type: String is not of expected type: float',
    ],
    [
      'a signature unknown',
      '{"signature_name": "s", "examples": [{"x": 1}]}',
      'Serving signature name: "s" not found in signature def',
    ],
  ])('%s are refused', async (_, body, text) => {
    expect(await refusal(r, body)).toEqual([400, text]);
  });

  it('of pictures need one encoded file each', async () => {
    const c = 'efficientnet-lite0:classify';
    expect(await refusal(c, { examples: [{ image: 3 }] })).toEqual([
      400,
      'Feature: image of example 0 has to be one encoded file, as {"b64": …}',
    ]);
    expect((await refusal(c, { examples: [{ img: 'a' }] }))[1]).toContain(
      'image (data type: string) is required',
    );
    expect((await refusal(c, { examples: [{ image: { b64: 'AAAA' } }] }))[0]).toBe(400);
  });
});
