import { afterEach, expect, test, vi } from 'vitest';
import type { Pointer } from '../../../contract/lifecycle/lifecycle.ts';
import { ServeConfig } from '../../../main/cli/serve/config.ts';
import { changedInVain, collapse, watchPointers } from '../../../main/cli/serve/reloads.ts';

let close: () => void = () => undefined;
afterEach(() => {
  close();
  vi.useRealTimers();
});

test('whoever asks during a run gets one more behind it, however many ask; a failure does not end that', async () => {
  const ends: (() => void)[] = [];
  const run = collapse(() => new Promise((_, reject) => ends.push(() => reject(new Error('failed')))));
  const first = run();
  const others = Array.from({ length: 50 }, run);
  expect(ends).toHaveLength(1);
  ends[0]!();
  await expect(first).rejects.toThrow('failed');
  await expect.poll(() => ends.length).toBe(2);
  const third = run();
  ends[1]!();
  const ended = await Promise.allSettled(others);
  expect(ended.map(({ status }) => status)).toEqual(Array(50).fill('rejected'));
  await expect.poll(() => ends.length).toBe(3);
  ends[2]!();
  await expect(third).rejects.toThrow('failed');
  expect(ends).toHaveLength(3);
});

test('a pointer that another process moved is seen, once; one that cannot be read changes nothing', async () => {
  const pointer: Pointer = { seq: 1, active: '1.0.0', previous: null, canary: null };
  let now: Pointer | null = pointer;
  let changes = 0;
  const read = () =>
    now ? Promise.resolve(new Map([['m', now]])) : Promise.reject(new Error('the drive is away'));
  vi.useFakeTimers();
  ({ close } = watchPointers(read, () => (changes += 1)));
  // It looks once a second.
  const oneLook = () => vi.advanceTimersByTimeAsync(1_200);
  await oneLook();
  expect(changes).toBe(0);
  now = { ...pointer, seq: 2, active: '1.1.0', previous: '1.0.0' };
  await oneLook();
  expect(changes).toBe(1);
  now = null;
  await oneLook();
  now = { ...pointer, seq: 2, active: '1.1.0', previous: '1.0.0' };
  await oneLook();
  expect(changes).toBe(1);
});

test('words whose change a reload does not take over are named, the others are not', () => {
  const taken = ['batching'] as const;
  const started = ServeConfig.parse({ load: ['a', 'b'], 'token-file': 'tokens' });
  expect(changedInVain(started, ServeConfig.parse({ load: 'a,b', 'token-file': 'tokens' }), taken)).toEqual(
    [],
  );
  const others = { load: 'a,b', 'token-file': 'others', batching: { a: { max_batch_size: 4 } } };
  expect(changedInVain(started, ServeConfig.parse(others), taken)).toEqual([]);
  // Whether tokens are needed at all is settled at the start.
  const now = ServeConfig.parse({ load: 'a', timeout: 5, 'max-body': '1mb' });
  expect(changedInVain(started, now, taken)).toEqual(['timeout', 'max-body', 'token-file', 'load']);
});
