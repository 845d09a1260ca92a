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
    expect(answer.text).toContain('[["even",0.5]],[["odd",0.993307');
    expect(resultsOf(answer)).toEqual([[['even', 0.5]], [['odd', expect.closeTo(0.9933, 3) as number]]]);
  });

  it('is refused by a model that does not classify', async () => {
    expect(await refusal('half-plus-two:classify', { examples: [{ x: 1 }] })).toEqual([
      400,
      'Signature serving_default is for predict, and classify was asked',
    ]);
  });
});

describe('regress', () => {
  it('gives one number for each example', async () => {
    const answer = await ask('half-plus-two:regress', { examples: [{ x: [1.0] }, { x: 2.5 }, { x: 5 }] });
    expect(answer.text).toBe('{"results":[2.5,3.25,4.5]}');
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
      'Signature serving_default is for predict, and regress was asked',
    ]);
  });
});

describe('examples', () => {
  const r = 'half-plus-two:regress';
  it.each<readonly [string, unknown, string]>([
    ['absent', '{"x": 1}', "'examples' is missing, which regress takes (byte 0)"],
    ['no list', '{"examples": 1}', "'examples' is not a list (byte 13)"],
    ['none', '{"examples": []}', "'examples' is an empty list (byte 13)"],
    ['no object', '{"examples": [1]}', 'an object is missing (byte 14)'],
    ['a context that is no object', '{"context": [], "examples": [{}]}', 'an object is missing (byte 12)'],
    ['null', '{"examples": [{"x": null}]}', 'Input x: null is not a number (byte 20)'],
    ['an object besides b64', '{"examples": [{"x": {"a": 1}}]}', 'Input x: {"a": is not a number (byte 20)'],
    ['a list of lists', '{"examples": [{"x": [[1]]}]}', 'Input x: a feature is one flat list (byte 20)'],
    ['mixed kinds', '{"examples": [{"x": [1, "a"]}]}', 'Input x: "a" is not a number (byte 24)'],
    [
      'a number beyond int64',
      '{"examples": [{"x": 18446744073709551615}]}',
      'Input x: 18446744073709551615 does not fit into float32 exactly (byte 20)',
    ],
    [
      'a decimal beyond float',
      '{"examples": [{"x": 1e39}]}',
      'Input x: 1e39 is too large for float32 (byte 20)',
    ],
    [
      'a feature twice',
      '{"context": {"x": 1}, "examples": [{"x": 1}]}',
      "Feature x of example 0 is in 'context' already (byte 35)",
    ],
    ['a feature missing', '{"examples": [{"y": 1}]}', 'Feature x of example 0 is missing (byte 14)'],
    [
      'too many values',
      '{"examples": [{"x": 1}, {"x": [1, 2]}]}',
      'Input x: 2 values do not fill a row of [] (byte 30)',
    ],
    ['a text for a number', '{"examples": [{"x": "a"}]}', 'Input x: "a" is not a number (byte 20)'],
    [
      'a signature unknown',
      '{"signature_name": "s", "examples": [{"x": 1}]}',
      'There is no signature s; there is serving_default, regression',
    ],
  ])('%s are refused', async (_, body, text) => {
    expect(await refusal(r, body)).toEqual([400, text]);
  });

  it.each(['null', '[[1]]', '{"a": 1}'])(
    'are refused for a feature that is none, though no input takes it: %s',
    async (value) => {
      const [status, text] = await refusal(r, `{"examples": [{"x": 1, "other": ${value}}]}`);
      expect([status, text]).toEqual([400, expect.stringContaining('a feature is a number, a text')]);
      expect((await ask(r, '{"examples": [{"x": 1, "other": ["a", 2, true, {"b64": ""}]}]}')).status).toBe(
        200,
      );
    },
  );

  it('of pictures need one encoded file each', async () => {
    const c = 'efficientnet-lite0:classify';
    expect(await refusal(c, { examples: [{ image: 3 }] })).toEqual([
      400,
      'Input image: a text is missing, and 3 stands there (byte 22)',
    ]);
    expect((await refusal(c, { examples: [{ image: ['a', 'b'] }] }))[1]).toContain('do not fill a row');
    expect((await refusal(c, { examples: [{ img: 'a' }] }))[1]).toContain(
      'Feature image of example 0 is missing',
    );
    expect((await refusal(c, { examples: [{ image: { b64: 'AAAA' } }] }))[0]).toBe(400);
  });
});
