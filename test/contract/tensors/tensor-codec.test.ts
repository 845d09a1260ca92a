import { describe, expect, it } from 'vitest';
import {
  arrayOf,
  doublesOf,
  elementCount,
  numbersOf,
  numericCodecs,
  viewOf,
} from '../../../contract/tensors/tensor-codec.ts';
import type { NumericType } from '../../../contract/tensors/tensor-codec.ts';
import { elementBytes, elementTypes } from '../../../contract/tensors/tensor.ts';

const types = elementTypes.filter((type): type is NumericType => type !== 'string');
const whole = types.filter((type) => numericCodecs[type].range !== null);

describe('the elements of a tensor', () => {
  it.each(types)('%s: its array, its width and what is written agree', (type) => {
    const { array, write } = numericCodecs[type];
    expect(new array(1).byteLength).toBe(elementBytes[type]);
    const data = new Uint8Array(3 * elementBytes[type]);
    for (const at of [0, 1, 2]) write(viewOf(data), at * elementBytes[type], at % 2);
    expect(doublesOf({ type, data })).toEqual([0, 1, 0]);
    const bits = Array.from(arrayOf(type, data), Number);
    expect(bits).toEqual([0, type === 'float16' ? 0x3c00 : type === 'bfloat16' ? 0x3f80 : 1, 0]);
  });

  it.each(whole)('%s: least and greatest come back, and not as another type would read them', (type) => {
    const { range, read, write } = numericCodecs[type];
    const view = new DataView(new ArrayBuffer(8));
    for (const value of range!) {
      write(view, 0, value);
      expect(BigInt(read(view, 0))).toBe(value);
    }
  });

  it('are little-endian, whatever the machine', () => {
    const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const read = (type: NumericType) => numbersOf({ type, data })[0];
    expect([read('uint16'), read('int32'), read('uint64')]).toEqual([
      0x0201,
      0x04030201,
      0x0807060504030201n,
    ]);
    expect(read('float32')).toBe(1.539989614439558e-36);
  });

  it('are found behind other bytes, and a part of one at the end is left out', () => {
    const data = Uint8Array.from([9, ...new Uint8Array(Float32Array.of(1.5, -2).buffer), 7]).subarray(1);
    expect(numbersOf({ type: 'float32', data })).toEqual([1.5, -2]);
    expect(Array.from(arrayOf('float32', data), Number)).toEqual([1.5, -2]);
  });

  it('are used where they lie when that is aligned', () => {
    const data = new Uint8Array(16);
    expect(arrayOf('float64', data).buffer).toBe(data.buffer);
    expect(arrayOf('float64', data.subarray(8)).byteOffset).toBe(8);
    expect(arrayOf('float64', data.subarray(4, 12)).buffer).not.toBe(data.buffer);
  });

  it('of a scalar are one, and of an empty dimension none', () => {
    expect([elementCount([]), elementCount([2, 3]), elementCount([4, 0])]).toEqual([1, 6, 0]);
  });
});
