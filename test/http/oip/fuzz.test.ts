import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TensorSpec } from '../../../contract/tensors/tensor.ts';
import { readInferJson } from '../../../main/http/oip/read-json.ts';
import { tensorsOf } from '../../../main/http/oip/read.ts';
import { readInferOptions } from '../../../main/http/oip/infer-options.ts';

const rules = { maxTensors: 8, maxElements: 10_000, maxJsonDepth: 16 };
const specs: readonly TensorSpec[] = [
  { name: 'a', type: 'float64', shape: ['N', 'M'] },
  { name: 'b', type: 'string', shape: ['N'] },
];
const whole = (text: Buffer, tail: Buffer): string => {
  const message = readInferJson(text, rules);
  if (!message.ok) return message.fault.code;
  const options = readInferOptions(message.value);
  if (!options.ok) return options.fault.code;
  const tensors = tensorsOf({ message: message.value, tail }, specs, {
    maxElements: 10_000,
    areFiles: false,
  });
  return tensors.ok ? 'ok' : tensors.fault.code;
};
const expectedCodes = ['ok', 'request-malformed', 'input-invalid'];
const isExpected = (code: string): boolean => expectedCodes.includes(code);
/** The same cases in every run; thousands of `expect` would take longer than what they look at. */
const drill = (numRuns: number) => ({ seed: 20_261_130, numRuns });

describe('whatever comes is answered by a fault, and nothing is thrown', () => {
  it('any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) =>
        isExpected(whole(Buffer.from(bytes), Buffer.alloc(0))),
      ),
      drill(3_000),
    );
  });

  it('any JSON, in place of any part of a request', () => {
    const part = fc.oneof(
      fc.jsonValue({ maxDepth: 4 }),
      fc.constantFrom('a', 'b', 'FP64', 'BYTES', [1, 1], [1]),
    );
    const input = fc.record(
      { name: part, datatype: part, shape: part, data: part, parameters: fc.oneof(part, fc.constant({})) },
      { requiredKeys: [] },
    );
    const request = fc.record(
      {
        id: part,
        inputs: fc.oneof(fc.array(fc.oneof(input, part), { maxLength: 3 }), part),
        outputs: part,
        parameters: part,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(request, fc.uint8Array({ maxLength: 20 }), (value, tail) =>
        isExpected(whole(Buffer.from(JSON.stringify(value)), Buffer.from(tail))),
      ),
      drill(5_000),
    );
  });

  it('a good request, cut or changed anywhere', () => {
    const good = Buffer.from(
      '{"id":"7","inputs":[{"name":"a","datatype":"FP64","shape":[2,2],"data":[[1,2.5],[-3e2,4]]},{"name":"b","datatype":"BYTES","shape":[2],"data":["x","\\"ł"]}],"outputs":[{"name":"y"}]}',
    );
    expect(whole(good, Buffer.alloc(0))).toBe('ok');
    fc.assert(
      fc.property(fc.nat(good.byteLength - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(good);
        changed[at] = byte;
        return (
          isExpected(whole(changed, Buffer.alloc(0))) &&
          whole(good.subarray(0, at), Buffer.alloc(0)) === 'request-malformed'
        );
      }),
      drill(5_000),
    );
  });

  it('any sizes of binary tensors', () => {
    const size = fc.oneof(
      fc.nat(40),
      fc.integer(),
      fc.double(),
      fc.constantFrom(2 ** 53, 2 ** 64, '8', null, true),
    );
    fc.assert(
      fc.property(
        size,
        size,
        fc.array(fc.nat(3), { maxLength: 3 }),
        fc.uint8Array({ maxLength: 40 }),
        (one, two, shape, tail) => {
          const inputs = [
            { name: 'a', datatype: 'FP64', shape, parameters: { binary_data_size: one } },
            { name: 'b', datatype: 'BYTES', shape: [1], parameters: { binary_data_size: two } },
          ];
          const code = whole(Buffer.from(JSON.stringify({ inputs })), Buffer.from(tail));
          return isExpected(code) && (code !== 'ok' || Number(one) + Number(two) === tail.length);
        },
      ),
      drill(5_000),
    );
  });
});

describe('texts that are made to cost much', () => {
  it.each([
    ['lists in lists', '{"inputs":' + '['.repeat(8_000_000)],
    ['objects in objects', '{"inputs":' + '{"a":'.repeat(1_000_000)],
    ['many values', `{"inputs":[${'1,'.repeat(4_000_000)}1]}`],
    ['many names', `{${'"a":1,'.repeat(1_000_000)}"a":1}`],
    ['many backslashes', `{"id":"${'\\'.repeat(8_000_000)}`],
    [
      'a long name',
      `{"inputs":[{"name":"${'a'.repeat(8_000_000)}","datatype":"FP64","shape":[1],"data":[1]}]}`,
    ],
    [
      'many dimensions',
      `{"inputs":[{"name":"a","datatype":"FP64","shape":[${'1,'.repeat(4_000_000)}1],"data":[1]}]}`,
    ],
  ])('%s are refused soon, in few words', (_, text) => {
    const bytes = Buffer.from(text);
    const begun = process.cpuUsage();
    const read = readInferJson(bytes, rules);
    const { user, system } = process.cpuUsage(begun);
    expect((user + system) / 1_000).toBeLessThan(2_000);
    if (read.ok) throw new Error('it was taken');
    expect(read.fault.message.length).toBeLessThan(2_000);
  });
});
