import { getEventListeners } from 'node:events';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ByteBudget, Share } from '../../../main/http/server/budget/index.ts';
import { openTextThreads } from '../../../main/http/server/text-threads/text-threads.ts';
import type { TextThreads } from '../../../main/http/server/text-threads/text-threads.ts';
import { builtEntry } from '../../fixtures/built.ts';

const rules = { maxTensors: 8, maxElements: 1_000_000, maxJsonDepth: 16 };
const budget = new ByteBudget(64 * 1024 ** 2);
let threads: TextThreads;
const readerOf = (text: Buffer) => threads.perform('readInfer', { text, rules }, { bytes: text.byteLength });
beforeAll(async () => {
  threads = openTextThreads(budget, {
    timeoutMs: 60_000,
    file: await builtEntry('json'),
  });
});
afterAll(() => threads.close());

const body = (values: readonly number[]): Buffer =>
  Buffer.from(
    JSON.stringify({
      inputs: [{ name: 'x', datatype: 'FP64', shape: [values.length], data: values }],
    }),
  );

it('large texts are read on a thread, and the bytes come back', async () => {
  const values = Array.from({ length: 200_000 }, (_, index) => index / 3);
  const text = Buffer.from(new Uint8Array(body(values)).buffer);
  const read = readerOf(text);
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
  expect(read).toMatchObject({
    ok: false,
    fault: { code: 'request-malformed' },
  });
});

it('small texts are read at once', () => {
  expect(readerOf(body([1]))).toMatchObject({ ok: true });
});

it('what is made is paid for, however small its pieces, and more than there is ends in a fault and not in the process', async () => {
  const paid = (text: Buffer): Share => {
    const share = new Share(budget);
    share.grow(text.byteLength);
    return share;
  };
  // Two bytes of text become eight.
  const many = (): Buffer =>
    Buffer.from(
      `{"inputs":[{"name":"x","datatype":"FP64","shape":[900000],"data":[${'1,'.repeat(899_999)}1]}]}`,
    );
  const text = many();
  const given = { bytes: text.byteLength, share: paid(text) };
  const read = await threads.perform('readInfer', { text, rules }, given);
  const { data } = (read.ok ? read.value.inputs[0] : null) ?? {};
  // Not the room that was made for more values.
  expect(data?.buffer.byteLength).toBe(7_200_000);
  expect(given.share.bytes).toBeGreaterThanOrEqual(7_200_000);
  expect(given.share.bytes).toBeLessThan(7_300_000);

  const small = Buffer.from(
    JSON.stringify({
      inputs: Array.from({ length: 8 }, (_, at) => {
        const values = Array.from({ length: 8_000 }, () => 123.25);
        return {
          name: `${at}`,
          datatype: 'FP64',
          shape: [8_000],
          data: values,
        };
      }),
    }),
  );
  const share = paid(small);
  await threads.perform('readInfer', { text: small, rules }, { bytes: small.byteLength, share });
  expect(share.bytes).toBeGreaterThanOrEqual(8 * 64_000);

  const poor = new ByteBudget(5 * 1024 ** 2);
  const asked = (): Promise<unknown> => {
    const again = many();
    const mine = new Share(poor);
    mine.grow(again.byteLength);
    const work = { text: again, rules };
    return Promise.resolve(
      threads.perform('readInfer', work, {
        bytes: again.byteLength,
        share: mine,
      }),
    );
  };
  // Never fits, so there is no point in asking again.
  await expect(asked()).rejects.toMatchObject({
    fault: { code: 'request-memory-exceeded' },
  });
  const roomy = new ByteBudget(8 * 1024 ** 2);
  roomy.take(2 * 1024 ** 2);
  const late = { text: many(), rules };
  const busy = { bytes: late.text.byteLength, share: new Share(roomy) };
  busy.share.grow(busy.bytes);
  await expect(threads.perform('readInfer', late, busy)).rejects.toMatchObject({
    fault: { code: 'request-memory-full' },
  });
});

it('a mistake of ours is told as one, and not as too little memory', async () => {
  const text = Buffer.concat([body([1, 2]), Buffer.alloc(300_000, ' ')]);
  const work = { text, rules: null as unknown as typeof rules };
  await expect(threads.perform('readInfer', work, { bytes: 300_000 })).rejects.toThrow(/TypeError/u);
});

/** Long beside the start of a thread. */
const slowTensors = () => {
  const values = Float32Array.from({ length: 1_800_000 }, (_, at) => 1 / (at + 3));
  const data = new Uint8Array(values.buffer);
  return [{ name: 'x', type: 'float32' as const, dims: [values.length], data }];
};
const slowBytes = 7_200_000;

it('work beyond its time, or for somebody who went away, ends, and the next finds a thread', async () => {
  const hasty = openTextThreads(budget, {
    timeoutMs: 40,
    file: await builtEntry('json'),
  });
  try {
    const share = new Share(budget);
    share.grow(slowBytes);
    const long = hasty.perform('printTensors', slowTensors(), {
      bytes: slowBytes,
      share,
    });
    await expect(long).rejects.toMatchObject({
      fault: { code: 'deadline-exceeded' },
    });
    share.release();
    await expect.poll(() => share.bytes, { timeout: 5_000 }).toBe(0);
  } finally {
    await hasty.close();
  }
  const alone = openTextThreads(budget, {
    timeoutMs: 60_000,
    file: await builtEntry('json'),
  });
  try {
    const timed = performance.now();
    await alone.perform('printTensors', slowTensors(), { bytes: slowBytes });
    const wholeMs = performance.now() - timed;
    const takenMs: number[] = [];
    while (takenMs.length < 3) {
      const text = body(Array.from({ length: 50_000 }, (_, at) => at / 7));
      const absent = new AbortController();
      const long = alone.perform('printTensors', slowTensors(), {
        bytes: slowBytes,
        signal: absent.signal,
      });
      const next = alone.perform('readInfer', { text, rules }, { bytes: text.byteLength });
      const begun = performance.now();
      absent.abort();
      await expect(long).rejects.toMatchObject({ fault: { code: 'cancelled' } });
      expect(await next).toMatchObject({ ok: true });
      takenMs.push(performance.now() - begun);
    }
    // The best of three: a new thread starts beside whatever else the machine does.
    expect(Math.min(...takenMs)).toBeLessThan(wholeMs / 2);
  } finally {
    await alone.close();
  }
}, 60_000);

it('nothing of a job stays with its connection', async () => {
  const { signal } = new AbortController();
  for (let count = 0; count < 3; count += 1) {
    const text = body(Array.from({ length: 50_000 }, (_, at) => at / 7));
    await threads.perform('readInfer', { text, rules }, { bytes: text.byteLength, signal });
  }
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

it('a thread that ends for want of work is given none', async () => {
  const file = await builtEntry('json');
  const shortly = openTextThreads(budget, {
    timeoutMs: 60_000,
    file,
    idleMs: 1,
  });
  try {
    for (let count = 0; count < 5; count += 1) {
      const text = body(Array.from({ length: 50_000 }, (_, at) => at / 7));
      expect(await shortly.perform('readInfer', { text, rules }, { bytes: text.byteLength })).toMatchObject({
        ok: true,
      });
      const until = performance.now() + 1 + count / 4;
      while (performance.now() < until) await new Promise((resolve) => setImmediate(resolve));
    }
  } finally {
    await shortly.close();
  }
}, 30_000);

it('who asks while the threads are closed is told so', async () => {
  const closed = openTextThreads(budget, {
    timeoutMs: 60_000,
    file: await builtEntry('json'),
  });
  const jobs = Array.from({ length: 3 }, async () =>
    closed.perform('printTensors', slowTensors(), { bytes: slowBytes }),
  );
  const ends = Promise.allSettled(jobs);
  await closed.close();
  for (const end of await ends) expect(end).toMatchObject({ reason: { fault: { code: 'shutting-down' } } });
});

it('work of somebody who went away is not done', async () => {
  const absent = new AbortController();
  const text = body(Array.from({ length: 100_000 }, (_, at) => at));
  const given = { bytes: text.byteLength };
  const work = () => ({
    text: Buffer.from(new Uint8Array(text).buffer),
    rules,
  });
  const before = Array.from({ length: 4 }, async () => threads.perform('readInfer', work(), given));
  const late = threads.perform('readInfer', work(), {
    ...given,
    signal: absent.signal,
  });
  absent.abort();
  await expect(late).rejects.toMatchObject({ fault: { code: 'cancelled' } });
  expect(await Promise.all(before)).toHaveLength(4);
});
