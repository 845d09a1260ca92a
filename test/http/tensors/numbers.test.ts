import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ElementType } from '../../../contract/tensors/tensor.ts';
import { JsonFault } from '../../../main/http/tensors/json-fault.ts';
import { NumberReader } from '../../../main/http/tensors/number-reader.ts';
import { fromHalfBits } from '../../../contract/tensors/half-floats.ts';
import type { NumericType } from '../../../contract/tensors/tensor-codec.ts';
import type { NumberRules } from '../../../main/http/tensors/number-reader.ts';

type ReadNumbers = {
  readonly data: Uint8Array;
  readonly dims: readonly number[];
  readonly end: number;
};
/** The one nested list of numbers that begins at `from`. */
function readNumbers(text: Buffer, from: number, rules: NumberRules): ReadNumbers {
  const reader = new NumberReader(text, rules);
  const { dims, end } = reader.read(from);
  return { data: reader.bytes(), dims, end };
}

const limits = { maxElements: 1_000_000, maxDepth: 16 };
const read = (text: string, type: NumericType): ReadNumbers =>
  readNumbers(Buffer.from(text), 0, { ...limits, type });
const bufferOf = ({ data }: ReadNumbers): ArrayBuffer => new Uint8Array(data).buffer;
function faultOf(text: string, type: NumericType): string {
  try {
    read(text, type);
  } catch (error) {
    if (error instanceof JsonFault) return `${error.message} (${error.offset})`;
    throw error;
  }
  return 'none';
}

describe('decimals', () => {
  const decimal = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    fc.float({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    // As many digits as one likes, and the middles between two floats.
    fc
      .tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.bigInt({ min: 0n, max: 10n ** 25n }))
      .map(([whole, part]) => `${whole}.${part}`),
    fc
      .tuple(fc.integer(), fc.integer({ min: -400, max: 300 }))
      .map(([digits, power]) => `${digits}e${power}`),
    fc
      .float({ noNaN: true, noDefaultInfinity: true, min: 1, max: 2 })
      .map((value) => String(value + 2 ** -24)),
    fc.constantFrom(
      '-0',
      '-0.0',
      '0',
      '9007199254740993',
      '1.00000005960464477539',
      '5e-324',
      '1e22',
      '1e23',
    ),
  );

  it('as float64 are what JSON.parse reads, bit for bit', () => {
    fc.assert(
      fc.property(fc.array(decimal, { maxLength: 30 }), (texts) => {
        const text = `[${texts.join(', ')}]`;
        const parsed = JSON.parse(text) as number[];
        fc.pre(parsed.every(Number.isFinite));
        expect([...new Float64Array(bufferOf(read(text, 'float64')))]).toStrictEqual(parsed);
      }),
      { numRuns: 3_000 },
    );
  });

  it('as float32 are those rounded to float32, bit for bit', () => {
    fc.assert(
      fc.property(fc.array(decimal, { maxLength: 30 }), (texts) => {
        const text = `[${texts.join(',')}]`;
        const rounded = (JSON.parse(text) as number[]).map(Math.fround);
        fc.pre(rounded.every(Number.isFinite));
        expect([...new Float32Array(bufferOf(read(text, 'float32')))]).toStrictEqual(rounded);
      }),
      { numRuns: 3_000 },
    );
  });

  it('that are too large are refused with their place', () => {
    expect(faultOf('[1, 1e39]', 'float32')).toBe('1e39 is too large for float32 (4)');
    expect(faultOf('[1, 1e309]', 'float64')).toBe('1e309 is too large for float64 (4)');
    expect(faultOf('[1, 65520]', 'float16')).toBe('65520 is too large for float16 (4)');
    expect(faultOf('[-1e5]', 'float16')).toBe('-1e5 is too large for float16 (1)');
  });

  it('that are not finite stand bare or in quotes, and only where the type has them', () => {
    const text = '[NaN, Infinity, -Infinity, "NaN", "Infinity", "-Infinity", 1.5]';
    const values = [NaN, Infinity, -Infinity, NaN, Infinity, -Infinity, 1.5];
    expect([...new Float32Array(bufferOf(read(text, 'float32')))]).toEqual(values);
    expect([...new Float64Array(bufferOf(read(text, 'float64')))]).toEqual(values);
    expect([...new Uint16Array(bufferOf(read(text, 'float16')))]).toEqual([
      0x7e00, 0x7c00, 0xfc00, 0x7e00, 0x7c00, 0xfc00, 0x3e00,
    ]);
    for (const word of ['NaN', '"NaN"', 'Infinity'])
      expect(faultOf(`[${word}]`, 'int32')).toContain(`${word} is not a whole number`);
    for (const word of ['nan', 'Inf', '-NaN', '+Infinity', 'null', '"1"', '"nan"', '""', '"NaN'])
      expect(faultOf(`[${word}]`, 'float32')).toContain('is not a number');
  });

  it('of half precision are rounded once', () => {
    const bits = (text: string): number => new Uint16Array(bufferOf(read(`[${text}]`, 'float16')))[0]!;
    expect(bits('1')).toBe(0x3c00);
    expect(bits('65504')).toBe(0x7bff);
    expect(bits('65519.999')).toBe(0x7bff);
    // Just above the middle of two halves: by way of float32 it would come down to the even one.
    expect(bits('1.00048828125')).toBe(0x3c00);
    expect(bits('1.0004882812501')).toBe(0x3c01);
    expect(bits('-0.0')).toBe(0x8000);
    expect(bits('6e-8')).toBe(0x0001);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7bff }), (each) => {
        expect(bits(String(fromHalfBits(each)))).toBe(each);
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('whole numbers', () => {
  it('of 64 bits are exact from end to end', () => {
    const ends = [-(2n ** 63n), -(2n ** 53n) - 1n, -1n, 0n, 2n ** 53n + 1n, 2n ** 63n - 1n];
    expect([...new BigInt64Array(bufferOf(read(`[${ends.join(',')}]`, 'int64')))]).toStrictEqual(ends);
    const most = 2n ** 64n - 1n;
    expect([...new BigUint64Array(bufferOf(read(`[${most}, 0]`, 'uint64')))]).toStrictEqual([most, 0n]);
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), (values) => {
        const back = new BigInt64Array(bufferOf(read(`[${values.join(',')}]`, 'int64')));
        expect([...back]).toStrictEqual(values);
      }),
    );
  });

  it.each<[ElementType & NumericType, string]>([
    ['int8', '128'],
    ['int8', '-129'],
    ['uint8', '256'],
    ['uint8', '-1'],
    ['int16', '32768'],
    ['uint16', '65536'],
    ['int32', '2147483648'],
    ['uint32', '-1'],
    ['int64', '9223372036854775808'],
    ['uint64', '-1'],
    ['uint64', '18446744073709551616'],
  ])('%s does not take %s', (type, text) => {
    expect(faultOf(`[0, ${text}]`, type)).toBe(`${text} does not fit into ${type} (4)`);
  });

  it('may be written with a point, and not with a part', () => {
    expect([...read('[1.0, 2e1]', 'int8').data]).toEqual([1, 20]);
    expect(faultOf('[1.5]', 'int32')).toBe('1.5 is not a whole number (1)');
  });
});

describe('the strict way of TensorFlow Serving', () => {
  const strict = (text: string, type: NumericType): ReadNumbers | string => {
    try {
      return readNumbers(Buffer.from(text), 0, { ...limits, type, isStrict: true });
    } catch (error) {
      if (error instanceof JsonFault) return error.message;
      throw error;
    }
  };

  it('takes a whole number for a float only where it stays the same', () => {
    const near = fc
      .tuple(fc.integer({ min: 0, max: 66 }), fc.integer({ min: -2, max: 2 }))
      .map(([power, more]) => 2n ** BigInt(power) + BigInt(more));
    const whole = fc.oneof(
      near,
      near.map((value) => -value),
      fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
    );
    fc.assert(
      fc.property(whole, (value) => {
        const isExact = (read: number): boolean => Number.isFinite(read) && BigInt(read) === value;
        const asDouble = strict(`[${value}]`, 'float64');
        expect(typeof asDouble !== 'string').toBe(isExact(Number(value)));
        const asSingle = strict(`[${value}]`, 'float32');
        // Rounding twice does not make a whole number of another.
        expect(typeof asSingle !== 'string').toBe(isExact(Math.fround(Number(value))));
        if (typeof asDouble !== 'string')
          expect([...new Float64Array(bufferOf(asDouble))]).toEqual([Number(value)]);
        // With a point it is a decimal, which is rounded.
        expect(typeof strict(`[${value}.0]`, 'float32')).not.toBe('string');
      }),
      { numRuns: 5_000 },
    );
  });

  it('has whole numbers without a point, and NaN and the infinities bare', () => {
    expect(strict('[1.0]', 'int8')).toBe('1.0 is not a whole number');
    expect(strict('[1e3]', 'int64')).toBe('1e3 is not a whole number');
    expect(strict('["NaN"]', 'float32')).toBe('"NaN" is not a number');
    const read = strict('[NaN, -NaN, Infinity, -Infinity]', 'float64');
    if (typeof read === 'string') throw new Error(read);
    expect([...new Float64Array(bufferOf(read))]).toEqual([NaN, NaN, Infinity, -Infinity]);
  });
});

describe('lists', () => {
  it('tell how they are nested', () => {
    expect(read('[[[1,2]],[[3,4]],[[5,6]]]', 'int8').dims).toEqual([3, 1, 2]);
    expect(read('[]', 'float32').dims).toEqual([0]);
    expect(read('[[],[]]', 'float32').dims).toEqual([2, 0]);
    expect([...read('[[true],[false]]', 'bool').data]).toEqual([1, 0]);
  });

  it('that are ragged are named by their level', () => {
    expect(faultOf('[[1,2],[3]]', 'int8')).toBe('lists of level 2 have 2 and 1 values (9)');
    expect(faultOf('[[1],2]', 'int8')).toBe('values and lists are mixed (5)');
    expect(faultOf('[1,[2]]', 'int8')).toBe('values and lists are mixed (3)');
  });

  it('end at the limits', () => {
    expect(faultOf('['.repeat(100_000), 'int8')).toContain('nested deeper than 16');
    const few = { maxElements: 3, maxDepth: 4, type: 'int8' } as const;
    expect(() => readNumbers(Buffer.from('[1,2,3,4]'), 0, few)).toThrow('more than 3 elements');
  });

  it('throw nothing but their own fault, whatever comes', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      ',',
      '1',
      '-',
      '.',
      'e',
      '0',
      ' ',
      'true',
      'null',
      '"a"',
      '{',
      '}',
      '\n',
      '٣',
    );
    const types: readonly NumericType[] = ['float32', 'float64', 'int8', 'int64', 'uint64', 'bool'];
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.constantFrom(...types), (pieces, type) => {
        const text = `[${pieces.join('')}`;
        const fault = faultOf(text, type);
        if (fault !== 'none') return;
        // What is taken is JSON up to where it ends.
        expect(Array.isArray(JSON.parse(text.slice(0, read(text, type).end)))).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });
});
