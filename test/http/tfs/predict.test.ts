import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf, post, startTfs } from './fixture.ts';
import type { Answer, TfsServer } from './fixture.ts';

let server: TfsServer;
beforeAll(async () => {
  server = await startTfs();
});
afterAll(() => server.close());
const predict = (model: string, body: unknown): Promise<Answer> =>
  post(`${server.url}/v1/models/${model}:predict`, body);

describe('rows', () => {
  it('of the tutorial come back halved plus two, in TensorFlow Serving’s own layout', async () => {
    const answer = await predict('half-plus-two', { instances: [1.0, 2.0, 5.0] });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/u);
    expect(JSON.parse(answer.text)).toEqual({ predictions: [2.5, 3.0, 4.5] });
    expect(answer.text).toBe('{\n    "predictions": [2.5, 3.0, 4.5\n    ]\n}');
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
});
