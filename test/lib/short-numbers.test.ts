import { describe, expect, it } from 'vitest';
import { shortestSingle } from '../../main/lib/short-numbers.ts';

describe('a float32 in few digits', () => {
  it.each([0.1, 0.2, 1 / 3, 16777216, 1e-7, 3.4028234e38, 1e-45, -0.3, 123456.7, 0])('%d', (value) => {
    const float = Math.fround(value);
    const short = shortestSingle(float);
    expect(Math.fround(short)).toBe(float);
    const digits = (text: string) => text.replace(/e.*|\D/gu, '').replace(/^0+|0+$/gu, '').length;
    // No decimal of fewer digits gives the same float.
    const fewer = digits(String(short)) - 1;
    if (fewer > 5) expect(Math.fround(Number(float.toPrecision(fewer)))).not.toBe(float);
    expect(digits(String(short))).toBeLessThanOrEqual(9);
  });

  it('is the same way by arithmetic and by text, for 2,000 floats of every size', () => {
    const bits = new Uint32Array(1);
    const float = new Float32Array(bits.buffer);
    for (let seed = 1; seed <= 2_000; seed += 1) {
      bits[0] = Math.imul(seed, 0x9e3779b1);
      const value = float[0]!;
      if (!Number.isFinite(value)) continue;
      const byText = [6, 7, 8, 9]
        .map((n) => Number(value.toPrecision(n)))
        .find((n) => Math.fround(n) === value);
      expect(Math.fround(shortestSingle(value))).toBe(value);
      expect(String(shortestSingle(value)).length).toBeLessThanOrEqual(String(byText).length);
    }
  });

  it.each([NaN, Infinity, -Infinity])('%d stays what it is', (value) => {
    expect(shortestSingle(value)).toBe(value);
  });
});
