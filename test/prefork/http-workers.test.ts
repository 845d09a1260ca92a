import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { availableCores } from '../../main/lib/capacity.ts';
import { forkFrugal } from '../../main/lib/fork-frugal.ts';
import { createHttpWorkers } from '../../main/prefork/arbiter/http-workers.ts';
import type { HttpWorkerSetup } from '../../main/prefork/index.ts';
import { newFolder } from '../temp/folder.ts';

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
/** A process starts in a tenth of a second, or in many where others use the machine. */
const patience = { timeout: 50_000 };
const nothing = { refused: [], setAside: [], isWatching: false };

const entry = join(newFolder(), 'worker.cjs');
writeFileSync(entry, standIn);

function open(early?: ChildProcess) {
  const workers = createHttpWorkers({
    entry,
    early,
    setup: { timeoutMs: 60_000 } as HttpWorkerSetup,
    workers: wanted,
    minWorkers: wanted,
    totals: {
      backlog: 64,
      maxWaitMs: 1000,
      requestMemoryBytes: 2 ** 24,
      maxBodyBytes: 2 ** 20,
      maxLoaded: 1,
    },
    maxRequests: 0,
    maxRequestsJitter: 0,
    recycleGrowthBytes: 2 ** 30,
    events: {
      onEnded: () => undefined,
      onGathered: () => undefined,
      onAsk: () => Promise.resolve(null),
      onLeft: () => undefined,
      onState: () => undefined,
      log: () => undefined,
    },
    onChange: () => undefined,
  });
  onTestFinished(() => workers.close(0));
  return workers;
}

const running = (workers: ReturnType<typeof createHttpWorkers>) => () => workers.all().length;

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
