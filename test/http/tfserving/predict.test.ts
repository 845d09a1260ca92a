import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../fakes/engine.ts';
import { post, startTfs } from './fixture.ts';
import type { Answer, TfsServer } from './fixture.ts';

let server: TfsServer;
beforeAll(async () => {
  server = await startTfs();
});
afterAll(() => server.close());
const predict = (model: string, body: unknown): Promise<Answer> =>
  post(`${server.url}/v1/models/${model}:predict`, body);
const echoed = async (type: string, rows: string): Promise<string> => {
  const { text } = await predict(`echo-${type}`, `{"instances": ${rows}}`);
  return text.replaceAll(/\s+/gu, '');
};

describe('rows', () => {
  it('of the tutorial come back halved plus two, decimals with a point', async () => {
    const answer = await predict('half-plus-two', { instances: [1.0, 2.0, 5.0] });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/u);
    expect(JSON.parse(answer.text)).toEqual({ predictions: [2.5, 3.0, 4.5] });
    expect(answer.text).toBe('{"predictions":[2.5,3.0,4.5]}');
    expect(server.askedModel()).toBe('half-plus-two');
  });

  it('of several inputs are objects, and so are the answers', async () => {
    const row = { a: [1, 2, 3], b: [0.5, 0.5, 0.5], count: 7 };
    const answer = await predict('tensor-demo', { signature_name: 'serving_default', instances: [row, row] });
    const sum = [1.5, 2.5, 3.5];
    expect(JSON.parse(answer.text)).toEqual({
      predictions: [
        { sum, count_out: 7 },
        { sum, count_out: 7 },
      ],
    });
  });

  it('may name a single input', async () => {
    const answer = await predict('half-plus-two', { instances: [{ x: 1 }, { x: 2 }] });
    expect(JSON.parse(answer.text)).toEqual({ predictions: [2.5, 3] });
  });

  it('give a column [N,1] as bare values or as lists of one, files as b64, and get _bytes back as b64', async () => {
    const raw = Buffer.from('¡roh\n\t!').toString('base64');
    const bare = { age: 41, city: 'Zürich "am See"', raw: { b64: raw } };
    const listed = {
      age: [42],
      city: [{ b64: Buffer.from('Łódź').toString('base64') }],
      raw: [{ b64: raw }],
    };
    const first = await predict('columns', { instances: [bare, bare] });
    const out = { age_out: [41], city_out: ['Zürich "am See"'], raw_bytes: [{ b64: raw }] };
    expect(JSON.parse(first.text)).toEqual({ predictions: [out, out] });
    const second = await predict('columns', { instances: [listed] });
    const city = { age_out: [42], city_out: ['Łódź'], raw_bytes: [{ b64: raw }] };
    expect(JSON.parse(second.text)).toEqual({ predictions: [city] });
  });

  it('accept lists of one for a vector [N]', async () => {
    const answer = await predict('half-plus-two', { instances: [[1], [2]] });
    expect(JSON.parse(answer.text)).toEqual({ predictions: [2.5, 3] });
  });
});

describe('bytes that the runtime would change', () => {
  it.each([
    ['not UTF-8', [0xff, 0xfe]],
    ['a NUL', [65, 0, 66]],
  ] as const)('are refused: %s', async (_, bytes) => {
    const answer = await predict('echo-string', {
      instances: [['ok'], [{ b64: Buffer.from(bytes).toString('base64') }]],
    });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Input x: element 1 is not UTF-8 text without NUL');
  });
});

describe('columns', () => {
  it('of a single input drop its name', async () => {
    const bare = await predict('half-plus-two', { inputs: [1, 2] });
    expect(bare.text).toBe('{"outputs":[2.5,3.0]}');
    const named = await predict('half-plus-two', { inputs: { x: [1, 2] } });
    expect(named.text).toBe(bare.text);
  });

  it('of several inputs are an object of tensors, and so are the answers', async () => {
    const inputs = { a: [[1, 2, 3]], b: [[1, 1, 1]], count: [5] };
    const answer = await predict('tensor-demo', { inputs });
    expect(JSON.parse(answer.text)).toEqual({ outputs: { sum: [[2, 3, 4]], count_out: [5] } });
  });

  it('carry scalars', async () => {
    const answer = await predict('scalar', { inputs: 2.5 });
    expect(answer.text).toBe('{"outputs":2.5}');
  });

  it('carry bare base64 for a single input', async () => {
    const answer = await predict('echo-string', { inputs: [[{ b64: 'aGk=' }, 'there']] });
    expect(JSON.parse(answer.text)).toEqual({ outputs: [['hi', 'there']] });
  });
});

describe('numbers', () => {
  const wholes: Readonly<Record<string, readonly [string, string]>> = {
    int8: ['-128', '127'],
    uint8: ['0', '255'],
    int16: ['-32768', '32767'],
    uint16: ['0', '65535'],
    int32: ['-2147483648', '2147483647'],
    uint32: ['0', '4294967295'],
    int64: ['-9223372036854775808', '9223372036854775807'],
    uint64: ['0', '18446744073709551615'],
  };
  it.each(Object.entries(wholes))(
    'of %s are exact to the ends of its range, and no further',
    async (type, ends) => {
      const [low, high] = ends;
      expect(await echoed(type, `[[${low}, ${high}]]`)).toBe(`{"predictions":[[${low},${high}]]}`);
      for (const beyond of [BigInt(low) - 1n, BigInt(high) + 1n]) {
        const answer = await predict(`echo-${type}`, `{"instances": [[${beyond}]]}`);
        expect(answer.status).toBe(400);
        expect(answer.text).toContain(`Input x: ${beyond} does not fit into ${type} (byte 16)`);
      }
      const fraction = await predict(`echo-${type}`, '{"instances": [[1.0]]}');
      expect(fraction.status).toBe(400);
    },
  );

  it('above 2^53 keep every digit', async () => {
    expect(await echoed('int64', '[[9007199254740993]]')).toContain('[[9007199254740993]]');
  });

  it.each(['float16', 'float32', 'float64'])(
    'of %s come as NaN, Infinity and -Infinity, and go so',
    async (type) => {
      const text = '[[NaN,Infinity,-Infinity,-0.0,0.5,1.0]]';
      expect(await echoed(type, text)).toBe(`{"predictions":${text}}`);
    },
  );

  it('of float32 go out with no more digits than read back', async () => {
    const rows = '[[0.1,0.2,16777216.0,3.4028235e38,1e-45,-1.5e-7,123456.79]]';
    const answer = await echoed('float32', rows);
    const values = /\[\[(.*)\]\]/u.exec(answer)![1]!.split(',').map(Number);
    expect(values.map(Math.fround)).toEqual(
      [0.1, 0.2, 16777216, 3.4028235e38, 1e-45, -1.5e-7, 123456.79].map(Math.fround),
    );
    expect(answer).toContain('[[0.1,0.2,16777216.0,3.4028235e+38,1.4013e-45,-1.5e-7,123456.79]]');
  });

  it.each([
    ['float32', '16777217', 'does not fit into float32 exactly'],
    ['float32', '1e39', 'is too large for float32'],
    ['float64', '9007199254740993', 'does not fit into float64 exactly'],
    ['float16', '65520', 'is too large for float16'],
    ['float16', '2049', 'does not fit into float16 exactly'],
  ])('of %s that would change are refused: %s', async (type, value, reason) => {
    const answer = await predict(`echo-${type}`, `{"instances": [[${value}]]}`);
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(`Input x: ${value} ${reason}`);
  });

  it('of bool are true and false alone', async () => {
    expect(await echoed('bool', '[[true, false]]')).toContain('[[true,false]]');
    expect((await predict('echo-bool', '{"instances": [[1]]}')).text).toContain('1 is not true or false');
  });
});

describe('empty tensors', () => {
  it('keep their shape', async () => {
    expect(await echoed('float32', '[[],[]]')).toBe('{"predictions":[[],[]]}');
    const none = await predict('echo-int64', '{"inputs": []}');
    expect(JSON.parse(none.text)).toEqual({ outputs: [] });
  });
});

describe('pictures', () => {
  it('go in as b64 by predict_images and come out as labels, scores and indices', async () => {
    const file = readFileSync(path.join(root, 'models/efficientnet-lite0/samples', pictureName()));
    const image = { b64: file.toString('base64') };
    const url = `${server.url}/v1/models/efficientnet-lite0:predict`;
    const answer = await post(url, { signature_name: 'predict_images', instances: [{ image }, { image }] });
    expect(answer.status).toBe(200);
    const { predictions } = JSON.parse(answer.text) as { predictions: readonly Ranked[] };
    expect(predictions).toHaveLength(2);
    expect(predictions[0]).toEqual(predictions[1]);
    const [{ label, score, index }] = predictions as [Ranked];
    expect(label).toHaveLength(20);
    expect(score.toSorted((one, other) => other - one)).toEqual(score);
    expect(index[0]).toBeTypeOf('number');
    const bare = await post(url, { signature_name: 'predict_images', instances: [image] });
    expect(JSON.parse(bare.text)).toEqual({ predictions: [predictions[0]] });
    const columns = await post(url, { signature_name: 'predict_images', inputs: { image: [image] } });
    expect(JSON.parse(columns.text)).toEqual({ outputs: { label: [label], score: [score], index: [index] } });
  });

  it('of a detector come out as TensorFlow itself gives boxes, and its metadata say so', async () => {
    const image = {
      b64: readFileSync(path.join(root, 'models/camera-triage/samples/sheet.jpg')).toString('base64'),
    };
    const url = `${server.url}/v1/models/camera-triage`;
    const answer = await post(`${url}:predict`, { signature_name: 'predict_images', inputs: [image, image] });
    const { outputs } = JSON.parse(answer.text) as { outputs: Record<string, number[] & number[][]> };
    expect(outputs['num_detections']).toEqual([4, 4]);
    expect(outputs['detection_classes']![0]!.toSorted()).toEqual([1, 1, 2, 2]);
    expect(outputs['detection_scores']![0]!.toSorted((one, other) => other - one)).toEqual(
      outputs['detection_scores']![0],
    );
    const [top, left, bottom, right] = (outputs['detection_boxes'] as unknown as number[][][])[0]![0]!;
    // The raccoon, whose place in shares of 1280 × 960 is known.
    expect([top, left, bottom, right].map((side) => Math.round(side! * 10) / 10)).toEqual([
      0.6, 0.1, 0.9, 0.4,
    ]);
    const metadata = await (await fetch(`${url}/metadata`)).text();
    for (const name of ['detection_boxes', 'detection_scores', 'detection_classes', 'num_detections'])
      expect(metadata).toContain(`"${name}"`);
  });

  it('that cannot be read are refused by name', async () => {
    const url = `${server.url}/v1/models/efficientnet-lite0:predict`;
    const answer = await post(url, {
      signature_name: 'predict_images',
      instances: [{ b64: 'bm8gcGljdHVyZQ==' }],
    });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('image 0');
  });
});

type Ranked = {
  readonly label: readonly string[];
  readonly score: readonly number[];
  readonly index: readonly number[];
};
function pictureName(): string {
  const manifest = JSON.parse(
    readFileSync(path.join(root, 'models/efficientnet-lite0/manifest.json'), 'utf8'),
  ) as {
    readonly samples: readonly { readonly file: string }[];
  };
  return path.basename(manifest.samples[0]!.file);
}
