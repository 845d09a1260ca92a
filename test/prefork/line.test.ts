import { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { createConnectionQueue } from '../../main/prefork/arbiter/connection-queue.ts';
import type { Accepted } from '../../main/prefork/arbiter/connection-queue.ts';

const connection = (): Accepted => ({ socket: new Socket(), protocol: 'http', head: new Uint8Array() });
function open() {
  const sent: Accepted[] = [];
  return { line: createConnectionQueue((accepted) => void sent.push(accepted)), sent };
}

test('one connection at a time is on its way, and stays open here until it was taken', () => {
  const { line, sent } = open();
  const [one, other] = [connection(), connection()];
  line.push(one);
  line.push(other);
  expect(sent).toEqual([one]);
  expect(one.socket.destroyed).toBe(false);
  line.taken();
  expect(one.socket.destroyed).toBe(true);
  expect(sent).toEqual([one, other]);
});

test('a worker that ends gives back what it never took, the one on its way first', () => {
  const { line } = open();
  const [taken, ...left] = [connection(), connection(), connection()];
  for (const each of [taken!, ...left]) line.push(each);
  line.taken();
  expect(line.takeAll()).toEqual(left);
  expect(left.every(({ socket }) => !socket.destroyed)).toBe(true);
  expect(line.isEmpty).toBe(true);
});

test('a worker that takes nothing is held up, and only what was not sent can be taken back', async () => {
  const { line } = open();
  const [one, other] = [connection(), connection()];
  line.push(one);
  line.push(other);
  expect(line.isHeldUp).toBe(false);
  await expect.poll(() => line.isHeldUp).toBe(true);
  expect(line.takeBack()).toEqual([other]);
  expect(line.isEmpty).toBe(false);
});

test('a drain comes behind the connections', () => {
  const { line } = open();
  let isDrained = false;
  line.push(connection());
  line.whenEmpty(() => (isDrained = true));
  expect(isDrained).toBe(false);
  line.taken();
  expect(isDrained).toBe(true);
});

test('a worker that is new is owed its part for as many connections', () => {
  const { line } = open();
  expect(line.isOwed).toBe(false);
  line.owe(2);
  line.push(connection());
  expect(line.isOwed).toBe(true);
  line.push(connection());
  expect(line.isOwed).toBe(false);
});

test('a worker is full with what it has room for, what is on its way among it, until it says otherwise', () => {
  const { line } = open();
  const all = Array.from({ length: 5 }, connection);
  for (const each of all) line.push(each);
  expect(line.isFull, 'it said nothing yet').toBe(false);
  line.noteRoom(6);
  expect([line.isFull, line.room]).toEqual([false, 1]);
  line.noteRoom(5);
  expect([line.isFull, line.room]).toEqual([true, 0]);
  line.taken();
  expect([line.isFull, line.room]).toEqual([false, 1]);
  line.noteRoom(2);
  expect([line.isFull, line.room], 'of four on their way').toEqual([true, -2]);
  expect(line.takeBack(2), 'who came last goes').toEqual(all.slice(3));
  expect(line.room).toBe(0);
  line.noteRoom(0);
  expect(line.room, 'what was sent cannot be taken back').toBe(-1);
});
