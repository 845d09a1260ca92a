import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHalfBits, halfBits } from '../../../contract/tensors/half-floats.ts';
import { decimal } from '../../../main/http/tfserving/write.ts';
import { errorOf, post, startTfs } from './fixture.ts';
import type { TfsServer } from './fixture.ts';

let server: TfsServer;
beforeAll(async () => {
  server = await startTfs();
});
afterAll(() => server.close());

describe('any body', () => {
  const leaf = fc.oneof(
    fc.jsonValue(),
    fc.constant({ b64: 'aGk=' }),
    fc.constant({ b64: '%' }),
    fc.double(),
    fc.bigInt(),
  );
  const value = fc.oneof(
    leaf,
    fc.array(leaf, { maxLength: 3 }),
    fc.array(fc.array(leaf, { maxLength: 3 }), { maxLength: 3 }),
  );
  const row = fc.record({ a: value, b: value, count: value, x: value, image: value }, { requiredKeys: [] });
  const tensors = fc.oneof(value, row, fc.array(row, { maxLength: 3 }));
  const request = fc
    .record(
      {
        signature_name: fc.oneof(
          fc.constantFrom('serving_default', 'predict_images', 'classification'),
          leaf,
        ),
        instances: tensors,
        inputs: tensors,
        examples: tensors,
        context: value,
      },
      { requiredKeys: [] },
    )
    .map(written);
  const broken = fc.tuple(request, fc.nat(), fc.string({ maxLength: 3 })).map(([text, at, junk]) => {
    const cut = at % (text.length + 1);
    return text.slice(0, cut) + junk + text.slice(cut + 1);
  });
  const body = fc.oneof(
    request,
    broken,
    fc.string(),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
  );
  const calls = [
    'half-plus-two:predict',
    'tensor-demo:predict',
    'echo-string:predict',
    'echo-int64:predict',
    'columns:predict',
    'half-plus-two:regress',
    'sorter:classify',
    'efficientnet-lite0:classify',
    'efficientnet-lite0:predict',
    'scalar:predict',
  ];

  it('is answered, or refused with a reason, and the server goes on', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...calls), body, async (call, sent) => {
        const answer = await post(`${server.url}/v1/models/${call}`, sent);
        if (answer.status === 200) expect(answer.text).toMatch(/^\{"(predictions|outputs|results)":/u);
        else expect(errorOf(answer)).not.toBe('');
        expect([200, 400]).toContain(answer.status);
      }),
      { numRuns: 1_000 },
    );
    const after = await post(`${server.url}/v1/models/half-plus-two:predict`, { instances: [1] });
    expect(after.status).toBe(200);
  }, 120_000);
});

describe('decimals', () => {
  it('of float32 read back as they were', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (value) => {
        expect(Math.fround(Number(decimal(value, 'float32')))).toBe(value);
        expect(decimal(value, 'float32')).toMatch(/[.ey]/u);
      }),
      { numRuns: 5_000 },
    );
  });

  it('of half precision keep all their bits', () => {
    for (let bits = 0; bits < 65536; bits += 1) {
      const value = fromHalfBits(bits);
      if (!Number.isNaN(value)) expect(halfBits(value) === bits).toBe(true);
    }
    expect([halfBits(65519), halfBits(65520), halfBits(2049), halfBits(2051), halfBits(1e-8)]).toEqual([
      0x7bff, 0x7c00, 0x6800, 0x6802, 0,
    ]);
  });
});

/** JSON with bare NaN and Infinity and with whole numbers of any length. */
function written(value: unknown): string {
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  return `{${Object.entries(value)
    .map(([key, inner]) => `${JSON.stringify(key)}:${written(inner)}`)
    .join(',')}}`;
}
