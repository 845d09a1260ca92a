import { openSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import {
  claimOverdue,
  clientAt,
  clockBytes,
  createDeadline,
  deadlineAt,
  inodeAt,
  inodeOf,
  limitAt,
  modelAt,
  msOf,
  postponeDeadline,
} from '../../main/prefork/worker/deadline.ts';

const limitMs = 20_000;
/** A run that has this much of its time left. */
const runWith = (leftMs: number): Int32Array => {
  const memory = new Int32Array(new SharedArrayBuffer(clockBytes));
  memory[modelAt] = 1;
  memory[limitAt] = limitMs;
  memory[deadlineAt] = (msOf() + leftMs) | 1;
  return memory;
};
const leftOf = (memory: Int32Array): number => (memory[deadlineAt]! - msOf()) | 0;
const isAbout = (ms: number, wanted: number): void => {
  expect(ms).toBeGreaterThan(wanted - 1_000);
  expect(ms).toBeLessThanOrEqual(wanted + 1);
};

test('a run whose time ran out in a sleep has afterwards what it had before', () => {
  const eightHoursMs = 8 * 3_600_000;
  const memory = runWith(7_000 - eightHoursMs);
  postponeDeadline(memory, eightHoursMs);
  isAbout(leftOf(memory), 7_000);
  // The next sleep as well.
  memory[deadlineAt] = (memory[deadlineAt]! - 60_000) | 1;
  postponeDeadline(memory, 60_000);
  isAbout(leftOf(memory), 7_000);
});

test('a run that began after the sleep gets no more than its time', () => {
  const memory = runWith(limitMs - 10);
  postponeDeadline(memory, 8 * 3_600_000);
  isAbout(leftOf(memory), limitMs);
});

test('without a run there is no deadline afterwards either', () => {
  const memory = new Int32Array(new SharedArrayBuffer(clockBytes));
  postponeDeadline(memory, 30_000);
  expect(memory[deadlineAt]).toBe(0);
});

test('where the time was over before the sleep, it stays so', () => {
  const memory = runWith(-500 - 30_000);
  postponeDeadline(memory, 30_000);
  expect(leftOf(memory)).toBeLessThan(0);
});

test('the deadline is that of the run that began first, and then of the one behind it: its model, time and client', () => {
  const memory = new Int32Array(new SharedArrayBuffer(clockBytes));
  const [one, two] = [new AbortController(), new AbortController()];
  const deadline = createDeadline(memory, (client) => (client === one.signal ? 11 : 12));
  const now = () => [memory[modelAt], memory[limitAt], memory[clientAt]];
  const first = { model: 1, limitMs: 1_000, client: one.signal };
  const load = { model: 2, limitMs: 130_000, client: undefined };
  const last = { model: 3, limitMs: 1_000, client: two.signal };
  for (const run of [first, load, last]) deadline.begin(run);
  expect(now()).toEqual([1, 1_000, 11]);
  isAbout(leftOf(memory), 1_000);
  // One that runs at once, ahead of them.
  const atOnce = { model: 4, limitMs: 500, client: undefined };
  deadline.beginAtOnce(atOnce);
  expect(now()).toEqual([4, 500, 0]);
  deadline.end(atOnce);
  expect(now()).toEqual([1, 1_000, 11]);
  deadline.end(first);
  expect(now()).toEqual([2, 130_000, 0]);
  isAbout(leftOf(memory), 130_000);
  deadline.end(load);
  expect(now()).toEqual([3, 1_000, 12]);
  // Its descriptor may be another connection's from now on.
  two.abort();
  expect(now()).toEqual([3, 1_000, 0]);
  deadline.end(last);
  expect(memory[deadlineAt]).toBe(0);
});

test('a deadline is claimed once, when it is over, and a sleep does not move it any more', () => {
  const memory = runWith(1_000);
  expect(claimOverdue(memory)).toBe(false);
  memory[deadlineAt] = (msOf() - 1_000) | 1;
  expect(claimOverdue(memory)).toBe(true);
  const then = memory[deadlineAt];
  postponeDeadline(memory, 30_000);
  expect(memory[deadlineAt]).toBe(then);
  expect(claimOverdue(memory)).toBe(false);
  expect(claimOverdue(new Int32Array(new SharedArrayBuffer(clockBytes)))).toBe(false);
});

test.skipIf(process.platform === 'win32')('a connection is known by more than its number', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  await new Promise((resolve) => socket.once('connect', resolve));
  const { fd } = (socket as unknown as { _handle: { fd: number } })._handle;
  const memory = new Int32Array(new SharedArrayBuffer(clockBytes));
  const deadline = createDeadline(memory, () => fd);
  const run = { model: 1, limitMs: 1_000, client: new AbortController().signal };
  deadline.begin(run);
  expect(memory[clientAt]).toBe(fd);
  expect(memory[inodeAt]).toBe(inodeOf(fd));
  expect(memory[inodeAt]).not.toBe(0);
  deadline.end(run);
  // A file, and what is not open.
  expect(inodeOf(openSync(import.meta.filename, 'r'))).toBe(0);
  expect(inodeOf(1_000_000)).toBe(0);
});
