import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startLocalLink } from '../../../main/engine/workers/local-link.ts';

const timeoutMs = 400;
/** A link whose runner answers when it is told to; `late` counts requests that were over their time. */
const linkOf = () => {
  const counts = { late: 0 };
  let answer = (): void => undefined;
  const link = startLocalLink(
    {
      openRunner: (send) => ({
        handle: ({ message }) => {
          if ('id' in message) answer = () => send({ kind: 'pong', id: message.id, rssBytes: 0 });
        },
        run: () => null,
      }),
      onLate: () => (counts.late += 1),
    },
    'm@1.0.0',
  );
  return { counts, asked: link.ask({ kind: 'ping' }, { timeoutMs }), answer: () => answer() };
};
/** Nothing of this process runs, and its clock goes on: as in the sleep of a computer. */
const sleepThrough = (ms: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test('a request that was under way in a sleep is answered after it', async () => {
  const { counts, asked, answer } = linkOf();
  sleepThrough(3_000);
  await wait(50);
  answer();
  expect((await asked).kind).toBe('replied');
  expect(counts.late).toBe(0);
}, 20_000);

test('a request that hangs is late, before a sleep and after it', async () => {
  const before = linkOf();
  expect((await before.asked).kind).toBe('late');
  const { counts, asked } = linkOf();
  sleepThrough(3_000);
  expect((await asked).kind).toBe('late');
  expect([before.counts.late, counts.late]).toEqual([1, 1]);
}, 20_000);
