import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { availableCores } from '../../main/lib/capacity.ts';
import { forkFrugal } from '../../main/lib/fork-frugal.ts';
import type { HttpWorkers } from '../../main/prefork/arbiter/http-workers.ts';
import { openWorkers, patience, writeStandIn } from './stand-in.ts';

const wanted = 1 + availableCores();
/** On this machine, before one serves. */
const atOnce = Math.max(1, availableCores() - 1);

/** A process that speaks as an HTTP worker does and opens nothing: it serves when it is told what to guard against. */
const standIn = `
process.on('disconnect', () => process.exit());
process.on('message', ({ kind }) => {
  if (kind === 'guard') process.send({ kind: 'up' });
  if (kind === 'drain') process.disconnect();
});
`;
const nothing = { refused: [], setAside: [], isWatching: false };

const entry = writeStandIn(standIn);
const open = (early?: ChildProcess) => openWorkers({ entry, most: wanted, early }).workers;

const running = (workers: HttpWorkers) => () => workers.all().length;

test('one core is left to those that are started first; the others follow when one serves', async () => {
  const workers = open();
  expect(workers.all()).toHaveLength(atOnce);
  expect(workers.isStarting()).toBe(true);
  workers.all()[0]?.guard(nothing);
  await expect.poll(running(workers), patience).toBe(wanted);
  expect(workers.isStarting()).toBe(false);
});

test('where one of the first ends before it serves, the others do not wait for it', async () => {
  const workers = open();
  workers.all()[0]?.kill('test');
  await expect.poll(running(workers), patience).toBe(wanted);
  expect(workers.isStarting()).toBe(false);
});

test('a process that was forked before is the first worker', () => {
  const early = forkFrugal(entry);
  expect(open(early).all()[0]?.pid).toBe(early.pid);
});

test('one that has ended meanwhile is not', async () => {
  const ended = forkFrugal(entry);
  ended.kill('SIGKILL');
  await once(ended, 'exit');
  expect(open(ended).all()[0]?.pid).not.toBe(ended.pid);
});
