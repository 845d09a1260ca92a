import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { jsonBytesHeader, takeBodies } from '../../../main/http/server/index.ts';

const tensorBytes = 600_000;

test('tensors behind JSON of any length come to lie where a runtime reads them in place, with what came', async () => {
  const app = Fastify({ bodyLimit: 2 ** 30 });
  takeBodies(app, 2 ** 20);
  app.post('/', async ({ body }) => {
    const bytes = body as Buffer;
    return { from: bytes.byteOffset, bytes: bytes.byteLength, first: bytes[0], last: bytes.at(-1) };
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const post = async (headBytes: number, header = String(headBytes)) => {
    const body = Buffer.alloc(headBytes + tensorBytes, 7);
    body[0] = 1;
    body[body.length - 1] = 2;
    const headers = { 'content-type': 'application/octet-stream', [jsonBytesHeader]: header };
    const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
    return (await answer.json()) as { from: number; bytes: number; first: number; last: number };
  };
  try {
    for (let headBytes = 168; headBytes < 176; headBytes += 1) {
      const { from, ...found } = await post(headBytes);
      expect((from + headBytes) % 8, `${headBytes} bytes of JSON`).toBe(0);
      expect(found).toEqual({ bytes: headBytes + tensorBytes, first: 1, last: 2 });
    }
    // What is no length is refused later, by those who read it.
    for (const header of ['', 'many', '-3'])
      expect(await post(171, header)).toEqual({ from: 0, bytes: 171 + tensorBytes, first: 1, last: 2 });
  } finally {
    await app.close();
  }
});
