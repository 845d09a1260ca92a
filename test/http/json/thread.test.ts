import { afterAll, beforeAll, expect, it } from 'vitest';
import { ByteBudget, Share } from '../../../main/http/budget/index.ts';
import { openTextThreads } from '../../../main/http/json/door.ts';
import type { TextThreads } from '../../../main/http/json/door.ts';
import { builtEntry } from '../../fixtures/built.ts';

const rules = { maxTensors: 8, maxElements: 1_000_000, maxJsonDepth: 16 };
const budget = new ByteBudget(64 * 1024 ** 2);
let threads: TextThreads;
const readerOf = (text: Buffer, isOwn = false) =>
  threads.perform('readInfer', { text, rules }, { bytes: text.byteLength, isOwn });
beforeAll(async () => {
  threads = openTextThreads(budget, await builtEntry('json'));
});
afterAll(() => threads.close());

const body = (values: readonly number[]): Buffer =>
  Buffer.from(
    JSON.stringify({ inputs: [{ name: 'x', datatype: 'FP64', shape: [values.length], data: values }] }),
  );

it('large texts are read on a thread, and the bytes come back', async () => {
  const values = Array.from({ length: 200_000 }, (_, index) => index / 3);
  const text = Buffer.from(new Uint8Array(body(values)).buffer);
  const read = readerOf(text, true);
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
      const message = await readerOf(body(Array.from({ length: 100_000 }, () => index + 0.5)));
      if (!message.ok) throw new Error(message.fault.message);
      const { data } = message.value.inputs[0]!;
      return new Float64Array(new Uint8Array(data ?? []).buffer)[99_999];
    }),
  );
  expect(all).toEqual(Array.from({ length: 12 }, (_, index) => index + 0.5));
});

it('faults come back too', async () => {
  const read = await readerOf(Buffer.alloc(400_000, '['));
  expect(read).toMatchObject({ ok: false, fault: { code: 'request-malformed' } });
});

it('small texts are read at once', () => {
  expect(readerOf(body([1]))).toMatchObject({ ok: true });
});

it('what is made is paid for, and more than there is ends in a 503 and not in the process', async () => {
  const share = new Share(budget);
  // Two bytes of text become eight.
  const many = Buffer.from(
    `{"inputs":[{"name":"x","datatype":"FP64","shape":[900000],"data":[${'1,'.repeat(899_999)}1]}]}`,
  );
  const wide = { text: many, rules };
  await threads.perform('readInfer', wide, { bytes: many.byteLength, isOwn: false, share });
  expect(share.bytes).toBeGreaterThanOrEqual(7_200_000);
  const poor = new ByteBudget(1024 ** 2);
  const given = { bytes: many.byteLength, isOwn: false, share: new Share(poor) };
  await expect(threads.perform('readInfer', wide, given)).rejects.toMatchObject({
    fault: { code: 'request-memory-full' },
  });
});

it('work of somebody who went away is not done', async () => {
  const gone = new AbortController();
  const text = body(Array.from({ length: 100_000 }, (_, at) => at));
  const given = { bytes: text.byteLength, isOwn: false };
  const before = Array.from({ length: 4 }, async () => threads.perform('readInfer', { text, rules }, given));
  const late = threads.perform('readInfer', { text, rules }, { ...given, signal: gone.signal });
  gone.abort();
  await expect(late).rejects.toMatchObject({ fault: { code: 'cancelled' } });
  expect(await Promise.all(before)).toHaveLength(4);
});
