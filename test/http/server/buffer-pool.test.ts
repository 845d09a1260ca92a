import { expect, test } from 'vitest';
import { createBufferPool, largeBody } from '../../../main/http/server/bodies/buffer-pool.ts';

test('memory is used again for the next body of its size, and not while it is in hand', () => {
  const memory = createBufferPool();
  const first = memory.take(largeBody + 5);
  const second = memory.take(largeBody + 5);
  expect(second.buffer).not.toBe(first.buffer);
  expect(first.byteLength).toBe(largeBody + 5);
  memory.give(first);
  // Given twice is kept once.
  memory.give(first);
  const third = memory.take(2 * largeBody);
  expect(third.buffer).toBe(first.buffer);
  expect(memory.take(2 * largeBody).buffer).not.toBe(first.buffer);
});

test('a body that begins further on is as long as it was asked for', () => {
  const memory = createBufferPool();
  const body = memory.take(largeBody, 5);
  expect([body.byteOffset, body.byteLength]).toEqual([5, largeBody]);
  memory.give(body);
  expect(memory.take(2 * largeBody).buffer).toBe(body.buffer);
});

test('foreign memory, and what moved to another thread, is never handed out', () => {
  const memory = createBufferPool();
  const foreign = Buffer.allocUnsafeSlow(largeBody);
  memory.give(foreign);
  expect(memory.take(largeBody).buffer).not.toBe(foreign.buffer);
  const moved = memory.take(largeBody);
  structuredClone(moved.buffer, { transfer: [moved.buffer] });
  memory.give(moved);
  expect(memory.take(largeBody).byteLength).toBe(largeBody);
});

test('no more than 32 MiB are kept', () => {
  const memory = createBufferPool();
  const bodies = Array.from({ length: 5 }, () => memory.take(8 * 1024 ** 2));
  for (const body of bodies) memory.give(body);
  const again = Array.from({ length: 5 }, () => memory.take(8 * 1024 ** 2).buffer);
  expect(again.filter((buffer) => bodies.some((body) => body.buffer === buffer))).toHaveLength(4);
});
