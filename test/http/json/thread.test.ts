import { afterAll, beforeAll, expect, it } from 'vitest';
import { openJsonReader } from '../../../main/http/json/door.ts';
import type { JsonReader } from '../../../main/http/json/door.ts';
import { builtEntry } from '../../fixtures/built.ts';

const rules = { maxTensors: 8, maxElements: 1_000_000, maxJsonDepth: 16 };
let reader: JsonReader;
beforeAll(async () => {
  reader = openJsonReader(await builtEntry('json'));
});
afterAll(() => reader.close());

const body = (values: readonly number[]): Buffer =>
  Buffer.from(
    JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP64', shape: [values.length], data: values }] }),
  );

it('large texts are read on a thread, and the bytes come back', async () => {
  const values = Array.from({ length: 200_000 }, (_, index) => index / 3);
  const text = Buffer.from(new Uint8Array(body(values)).buffer);
  const read = reader.read(text, rules);
  expect(read).toBeInstanceOf(Promise);
  const message = await read;
  if (!message.ok) throw new Error(message.fault.message);
  const [input] = message.value.inputs;
  expect(Buffer.from(new Float64Array(values).buffer).equals(input?.data ?? Buffer.alloc(0))).toBe(true);
  // The body's memory moved over.
  expect(text.byteLength).toBe(0);
});

it('many at once come back each to its asker', async () => {
  const all = await Promise.all(
    Array.from({ length: 12 }, async (_, index) => {
      const message = await reader.read(body(Array.from({ length: 100_000 }, () => index + 0.5)), rules);
      if (!message.ok) throw new Error(message.fault.message);
      const { data } = message.value.inputs[0]!;
      return new Float64Array(new Uint8Array(data ?? []).buffer)[99_999];
    }),
  );
  expect(all).toEqual(Array.from({ length: 12 }, (_, index) => index + 0.5));
});

it('faults come back too', async () => {
  const read = await reader.read(Buffer.alloc(400_000, '['), rules);
  expect(read).toMatchObject({ ok: false, fault: { code: 'request-malformed' } });
});

it('small texts are read at once', () => {
  expect(reader.read(body([1]), rules)).toMatchObject({ ok: true });
});
