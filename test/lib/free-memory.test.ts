import { expect, test } from 'vitest';
import { freeMemory } from '../../main/lib/free-memory.ts';

test('a large buffer with memory of its own has no bytes afterwards', () => {
  const piece = Buffer.allocUnsafeSlow(64 * 1024).fill(1);
  freeMemory(piece);
  expect(piece.byteLength).toBe(0);
  // Nothing is left to free.
  freeMemory(piece);
});

test('memory that others use stays, and so does a small piece', () => {
  const whole = Buffer.allocUnsafeSlow(64 * 1024).fill(1);
  freeMemory(whole.subarray(0, 32 * 1024));
  expect(whole.every((byte) => byte === 1)).toBe(true);
  const small = Buffer.allocUnsafeSlow(1024).fill(2);
  freeMemory(small);
  expect(small.every((byte) => byte === 2)).toBe(true);
});

test('its memory is given back at once, not when garbage is collected', () => {
  const { arrayBuffers } = process.memoryUsage();
  for (let count = 0; count < 64; count += 1) freeMemory(Buffer.allocUnsafeSlow(4 * 1024 ** 2));
  expect(process.memoryUsage().arrayBuffers - arrayBuffers).toBeLessThan(8 * 1024 ** 2);
});
