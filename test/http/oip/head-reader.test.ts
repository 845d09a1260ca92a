import { expect, test } from 'vitest';
import { createHeadReader } from '../../../main/http/oip/head-reader.ts';

const rules = { maxTensors: 8, maxElements: 1000, maxJsonDepth: 8 };
const tail = Buffer.alloc(16);
const input = { name: 'x', shape: [1, 4], datatype: 'FP32', parameters: { binary_data_size: 16 } };
const textOf = (members: object): Buffer => Buffer.from(JSON.stringify({ inputs: [input], ...members }));
const outputs = (isBinary: boolean) => [{ name: 'y', parameters: { binary_data: isBinary } }];

test('the same JSON before other tensors is read once, and each text as what it says', () => {
  const read = createHeadReader(rules);
  const first = read(textOf({ outputs: outputs(true) }), tail);
  const again = read(textOf({ outputs: outputs(true) }), Buffer.alloc(32));
  const other = read(textOf({ outputs: outputs(false) }), tail);
  if (!first.ok || !again.ok || !other.ok) throw new Error('a head was not read');
  expect(again.value).toBe(first.value);
  expect(first.value.message.inputs).toEqual([{ ...input, data: null }]);
  expect(first.value.options.isBinary('y')).toBe(true);
  expect(other.value.options.isBinary('y')).toBe(false);
});

test('what is of one request alone is not kept: ids, tensors in the text, long heads, and faults', () => {
  const read = createHeadReader(rules);
  const twice = (text: Buffer, behind = tail) => [read(text, behind), read(text, behind)] as const;
  const withData = { inputs: [input, { ...input, parameters: {}, data: [1, 2, 3, 4] }] };
  const long = { parameters: { note: 'n'.repeat(1024) } };
  for (const text of [textOf({ id: '7' }), textOf(withData), textOf(long)]) {
    const [one, other] = twice(text);
    if (!one.ok || !other.ok) throw new Error('a head was not read');
    expect(other.value).not.toBe(one.value);
    expect(other.value.message).toEqual(one.value.message);
  }
  for (const text of [Buffer.from('{'), textOf({ parameters: { priority: 'high' } })]) {
    const [one, other] = twice(text);
    expect(one).toMatchObject({ ok: false, fault: { code: 'request-malformed' } });
    expect(other).toEqual(one);
  }
  // Nothing stands behind it: the request is its text.
  const [one, other] = twice(textOf({}), Buffer.alloc(0));
  expect(one.ok && other.ok && one.value !== other.value).toBe(true);
});

test('many different heads do not add up', () => {
  const read = createHeadReader(rules);
  const head = (at: number): Buffer => textOf({ parameters: { note: at } });
  const first = read(head(0), tail);
  for (let at = 1; at < 100; at += 1) read(head(at), tail);
  const again = read(head(0), tail);
  if (!first.ok || !again.ok) throw new Error('a head was not read');
  expect(again.value).not.toBe(first.value);
});
