import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { elementTypes } from '../../../contract/tensors/tensor.ts';
import type { ElementType, TensorBytes } from '../../../contract/tensors/tensor.ts';
import { printTensors, readTensors } from '../../../main/cli/tensors/json.ts';

function read(json: string): readonly TensorBytes[] {
  const outcome = readTensors(json);
  if (!outcome.ok) throw new Error(outcome.fault.message);
  return outcome.value;
}
const one = (type: ElementType, data: readonly unknown[]): string =>
  JSON.stringify({ x: { type, dims: [data.length], data } });
const there = (json: string): unknown => printTensors(read(json))['x']?.data;
function reason(json: string): string {
  const outcome = readTensors(json);
  if (outcome.ok) throw new Error('it was taken');
  expect(outcome.fault.code).toBe('input-invalid');
  return outcome.fault.message;
}

describe('tensors as JSON', () => {
  const samples: Record<ElementType, readonly unknown[]> = {
    float32: [0, -1.5, 0.1, 3.4e38, 'NaN', 'Infinity', '-Infinity'],
    float64: [0, -1.5, 0.1, 1.7976931348623157e308, 5e-324, 'NaN'],
    float16: [0, 1, -2, 0.5, 65504, 'Infinity', 'NaN', 2 ** -24, 2 ** -14],
    bfloat16: [0, 1, -2, 3.140625, 3.3895314e38, 'Infinity', 'NaN', 9.18355e-41],
    int8: [-128, 0, 127],
    uint8: [0, 255],
    int16: [-32768, 32767],
    uint16: [0, 65535],
    int32: [-2147483648, 2147483647],
    uint32: [0, 4294967295],
    int64: ['-9223372036854775808', -1, 0, 9007199254740991, '9007199254740993', '9223372036854775807'],
    uint64: [0, '18446744073709551615'],
    bool: [true, false],
    string: ['', 'grün', '🦉', 'a"b\\c\n'],
  };

  it.each(elementTypes)('gives %s back as it came', (type) => {
    expect(there(one(type, samples[type]))).toEqual(samples[type]);
  });

  it('takes whole numbers of any size without quotes and without loss', () => {
    expect(
      there('{"x":{"type":"int64","dims":[3],"data":[9007199254740993, -9223372036854775808,1]}}'),
    ).toEqual(['9007199254740993', '-9223372036854775808', 1]);
    expect(there('{"x":{"type":"uint64","dims":[1],"data":[18446744073709551615]}}')).toEqual([
      '18446744073709551615',
    ]);
    expect(
      there('{"x":{"type":"float64","dims":[2],"data":[12345678901234567890, 0.12345678901234567890]}}'),
    ).toEqual([Number('12345678901234567890'), 0.12345678901234568]);
  });

  it('leaves digits inside of strings and names alone', () => {
    const json =
      '{"x":{"type":"string","dims":[2],"data":["12345678901234567890","a \\" 12345678901234567890"]}}';
    expect(there(json)).toEqual(['12345678901234567890', 'a " 12345678901234567890']);
  });

  it('writes the bytes that the wire wants: little-endian, strings behind their length', () => {
    expect([...read(one('int16', [1, -2]))[0]!.data]).toEqual([1, 0, 254, 255]);
    expect([...read(one('float16', [1]))[0]!.data]).toEqual([0x00, 0x3c]);
    expect([...read(one('string', ['é']))[0]!.data]).toEqual([2, 0, 0, 0, 0xc3, 0xa9]);
  });

  it('takes scalars, nested data and dimensions of length zero', () => {
    expect(read('{"x":{"type":"float32","dims":[],"data":[2]}}')[0]).toMatchObject({ dims: [] });
    expect(read('{"x":{"type":"float32","dims":[0,3],"data":[]}}')[0]?.data.byteLength).toBe(0);
    expect(there('{"x":{"type":"int32","dims":[2,2],"data":[[1,2],[3,4]]}}')).toEqual([1, 2, 3, 4]);
  });

  it('takes a list of named tensors as the sample of the demo model has it', () => {
    const tensors = read(
      readFileSync(new URL('../../../models/tensor-demo/samples/four-rows.json', import.meta.url), 'utf8'),
    );
    expect(tensors.map(({ name, type, dims }) => [name, type, dims])).toEqual([
      ['a', 'float32', [4, 3]],
      ['b', 'float32', [4, 3]],
      ['count', 'int64', [4]],
    ]);
    expect(printTensors(tensors)['count']?.data).toEqual([0, -1, '9007199254740993', '9223372036854775807']);
    expect(reason('{"inputs":[{"name":"x","type":"float32","dims":[1],"data":[1],"more":1}]}')).toMatch(
      /more/u,
    );
  });

  it('rounds float16 to the nearest, ties to even', () => {
    const bits = (value: number): number =>
      new DataView(read(one('float16', [value]))[0]!.data.buffer).getUint16(0, true);
    expect(bits(2049)).toBe(bits(2048));
    expect(bits(2051)).toBe(bits(2052));
    expect(bits(65519)).toBe(0x7bff);
    expect(bits(65520)).toBe(0x7c00);
    expect(bits(2 ** -25)).toBe(0);
    expect(bits(2 ** -25 * 1.01)).toBe(1);
    expect(bits(1023.75 * 2 ** -24)).toBe(0x0400);
    for (let half = 0; half < 0x7c00; half += 1) {
      const [value] = printTensors([
        { name: 'x', type: 'float16', dims: [1], data: new Uint8Array([half & 255, half >> 8]) },
      ])['x']!.data;
      if (bits(value as number) !== half) throw new Error(`${half} came back as ${bits(value as number)}`);
    }
  });

  it('prints every float32 so that it reads back as the same', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const [printed] = there(one('float32', [value])) as [number];
        return Math.fround(printed) === value;
      }),
    );
  });

  it('names the tensor and the element that do not fit', () => {
    expect(reason('{')).toMatch(/not JSON/u);
    expect(reason('[]')).toMatch(/Input file/u);
    expect(reason('{"x":{"type":"float8","dims":[1],"data":[1]}}')).toMatch(/Input x .*type/u);
    expect(reason('{"x":{"type":"int32","dims":[2,2],"data":[1]}}')).toMatch(/take 4 elements, data has 1/u);
    expect(reason(one('uint8', [256]))).toMatch(/element 0 \(256\)/u);
    expect(reason(one('int32', [1, 1.5]))).toMatch(/element 1 \(1\.5\)/u);
    expect(reason(one('int64', ['9223372036854775808']))).toMatch(/element 0/u);
    expect(reason(one('bool', ['yes']))).toMatch(/element 0/u);
    expect(reason(one('string', [1]))).toMatch(/not a string/u);
    expect(reason(one('float32', [null]))).toMatch(/element 0/u);
  });
});
