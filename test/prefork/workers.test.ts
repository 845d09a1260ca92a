import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { availableCores } from '../../main/lib/capacity.ts';
import { forkFrugal } from '../../main/lib/fork-frugal.ts';
import { createWorkers } from '../../main/prefork/arbiter/workers.ts';
import type { WorkerSetup } from '../../main/prefork/index.ts';
import { newFolder } from '../temp/folder.ts';

const wanted = 1 + availableCores();
/** On this machine, before one serves. */
const atOnce = Math.max(1, availableCores() - 1);

/** A process that speaks as an HTTP worker does and opens nothing: it serves when a connection would be there. */
const standIn = `
process.on('disconnect', () => process.exit());
process.on('message', ({ kind }) => {
  if (kind === 'start') process.send({ kind: 'log', level: 'info', text: 'started' });
  if (kind === 'share') return;
  if (kind === 'guard') process.send({ kind: 'up' });
  if (kind === 'drain') process.disconnect();
});
`;
const nothing = { refused: [], setAside: [], isWatching: false };

const entry = join(newFolder(), 'worker.cjs');
writeFileSync(entry, standIn);

function open(early?: ChildProcess) {
  let logged = 0;
  const workers = createWorkers({
    entry,
    early,
    setup: { timeoutMs: 60_000 } as WorkerSetup,
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
      onGathered: () => undefined,
      onAsk: () => Promise.resolve(null),
      onLeft: () => undefined,
      onState: () => undefined,
      log: () => (logged += 1),
    },
    onChange: () => undefined,
  });
  onTestFinished(() => workers.close(0));
  return { workers, started: () => logged };
}

test('one core is left to those that are started first; the others follow when one serves', async () => {
  const { workers, started } = open();
  await expect.poll(started).toBe(atOnce);
  expect(workers.all()).toHaveLength(atOnce);
  expect(workers.isStarting()).toBe(true);
  workers.all()[0]?.guard(nothing);
  await expect.poll(started).toBe(wanted);
  expect(workers.isStarting()).toBe(false);
});

test('where one of the first ends before it serves, the others do not wait for it', async () => {
  const { workers, started } = open();
  await expect.poll(started).toBe(atOnce);
  workers.all()[0]?.kill('test');
  await expect.poll(started).toBe(wanted + 1);
});

test('a process that was forked before is the first worker', async () => {
  const early = forkFrugal(entry);
  const { workers, started } = open(early);
  expect(workers.all()[0]?.pid).toBe(early.pid);
  await expect.poll(started).toBe(atOnce);
});

test('one that has ended meanwhile is not', async () => {
  const ended = forkFrugal(entry);
  ended.kill('SIGKILL');
  await once(ended, 'exit');
  const { workers, started } = open(ended);
  expect(workers.all()[0]?.pid).not.toBe(ended.pid);
  await expect.poll(started).toBe(atOnce);
});
