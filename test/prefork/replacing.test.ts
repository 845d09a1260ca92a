import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../temp/folder.ts';
import { openWorkers, patience, setupOf, writeStandIn } from './stand-in.ts';

/**
 * A process that speaks as an HTTP worker does and opens nothing. By its setup it is warm at once (`good`), has then taken a lot
 * of memory (`grown`), ends (`short`), cannot load its model (`wrong`), or cannot, which it says some time after another worker has
 * ended (`late`).
 * With `thirdIs: FILE` the third of these is wrong.
 */
const standIn = `
const { appendFileSync, statSync, writeSync } = require('node:fs');
setInterval(() => writeSync(4, '{"kind":"alive"}\\n'), 500);
const failed = [{ model: 'm', fault: { code: 'golden-failed', message: 'wrong model' } }];
const state = (rssBytes) =>
  process.send({ kind: 'state', state: { rssBytes, room: 1, models: [], loaded: [], requestMemory: { refused: 0 } } });
let of = '';
process.on('disconnect', () => process.exit());
process.on('message', (message) => {
  if (message.kind === 'start') {
    const { thirdIs } = message.setup;
    of = message.setup.of;
    if (of === 'short') process.exit(1);
    if (thirdIs) {
      appendFileSync(thirdIs, 'x');
      if (statSync(thirdIs).size === 3) of = 'wrong';
    }
    process.send({ kind: 'up' });
    state(thirdIs ? 1500 : 1000);
    if (of !== 'late') process.send({ kind: 'warm', failed: of === 'wrong' ? failed : [] });
    if (of === 'grown') state(5000);
  }
  if (message.kind === 'guard' && of === 'late') setTimeout(() => process.send({ kind: 'warm', failed }), 1500);
  if (message.kind === 'drain') process.disconnect();
});
`;
const entry = writeStandIn(standIn);

function open({ of = 'good', most = 2, maxRequests = 0 } = {}) {
  const opened = openWorkers({ entry, of, most, maxRequests });
  const { workers, takers } = opened;
  const warm = (): number => workers.staying().filter(({ stage }) => stage === 'warm').length;
  /** Waits for all of the first ones, and forgets how many there were until then. */
  const filled = async (): Promise<void> => {
    await expect.poll(warm, patience).toBe(most);
    takers.length = 0;
  };
  return { ...opened, warm, filled };
}

test('while each worker is replaced after its number of requests, as many as before take connections', async () => {
  const { workers, takers, filled } = open({ maxRequests: 10 });
  await filled();
  const before = workers.all();
  for (const worker of before) {
    worker.count(10);
    workers.recycle(worker, 0);
  }
  await expect.poll(() => before.map(({ stage }) => stage), patience).toEqual(['ended', 'ended']);
  await expect.poll(() => workers.all().length, patience).toBe(2);
  expect(Math.min(...takers)).toBe(2);
});

test('so is one that has grown, and one that has neither is left alone', async () => {
  const { workers, takers, filled } = open({ of: 'grown' });
  await filled();
  const [grown, other] = workers.all();
  await expect.poll(() => grown!.growthBytes, patience).toBe(4000);
  workers.amend(() => setupOf('good'));
  workers.recycle(grown!, 0);
  await expect.poll(() => grown!.stage, patience).toBe('ended');
  await expect.poll(() => workers.all().length, patience).toBe(2);
  const next = workers.all().find((worker) => worker !== other)!;
  workers.recycle(next, 0);
  expect(workers.all()).toEqual([other, next]);
  expect(Math.min(...takers)).toBe(2);
});

test('a new setup takes over worker by worker; a wrong one leaves every worker as it was', async () => {
  const { workers, takers, filled } = open();
  await filled();
  const before = workers.all();
  const wrong = await workers.renew(() => setupOf('wrong'), 0);
  expect(wrong).toMatchObject({ ok: false, fault: { code: 'golden-failed' } });
  expect(workers.staying()).toEqual(before);
  expect(workers.setup()).toEqual(setupOf('good'));
  expect(await workers.renew(() => setupOf('good'), 0)).toMatchObject({ ok: true });
  expect(workers.staying()).toHaveLength(2);
  expect(workers.staying().filter((worker) => before.includes(worker))).toEqual([]);
  expect(Math.min(...takers)).toBe(2);
});

test('a worn worker whose replacement fails goes on, and none is started after the other', async () => {
  const { workers, logged, filled } = open({ most: 1, maxRequests: 1 });
  await filled();
  const [worn] = workers.all();
  worn!.count(1);
  workers.amend(() => setupOf('wrong'));
  workers.recycle(worn!, 0);
  await expect
    .poll(() => logged, patience)
    .toEqual(['an HTTP worker was not replaced, and goes on: wrong model']);
  await expect.poll(() => workers.all(), patience).toEqual([worn]);
  // Each answer asks again.
  workers.recycle(worn!, 0);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(workers.all()).toEqual([worn]);
  expect(worn!.stage).toBe('warm');
  workers.amend(() => setupOf('good'));
  await expect
    .poll(() => (workers.recycle(worn!, 0), workers.staying().includes(worn!)), patience)
    .toBe(false);
  await expect.poll(() => workers.staying().map(({ stage }) => stage), patience).toEqual(['warm']);
});

test('a change that comes while a new setup turns out to be wrong is kept, and every worker goes back', async () => {
  const { workers, filled, warm } = open({ most: 3 });
  await filled();
  const started = join(newFolder(), 'started');
  const renewed = workers.renew(() => setupOf('good', { thirdIs: started }), 0);
  await expect.poll(() => workers.all().length, patience).toBe(4);
  workers.amend((now) => ({ ...now, timeoutMs: 30_000 }));
  expect(await renewed).toMatchObject({ ok: false });
  expect(workers.setup()).toEqual({ ...setupOf('good'), timeoutMs: 30_000 });
  await expect.poll(warm, patience).toBe(3);
  expect(workers.staying().map(({ state }) => state?.rssBytes)).toEqual([1000, 1000, 1000]);
});

test('a worker that ends while its replacement turns out to be wrong has another in its place', async () => {
  const { workers, filled, warm } = open({ most: 1 });
  await filled();
  const [old] = workers.all();
  const renewed = workers.renew(() => setupOf('late'), 0);
  await expect.poll(() => workers.all().filter(({ stage }) => stage === 'up').length, patience).toBe(1);
  process.kill(old!.pid!, 'SIGKILL');
  expect(await renewed).toMatchObject({ ok: false });
  await expect.poll(warm, { timeout: 20_000 }).toBe(1);
  expect(workers.setup()).toEqual(setupOf('good'));
});

test('while workers go on ending each start waits longer than the one before, and none once there was an answer', async () => {
  const { workers, endedMs, startedMs } = open({ of: 'short', most: 1 });
  const waitMs = (at: number): number => startedMs[at]! - endedMs[at]!;
  await expect.poll(() => endedMs.length, patience).toBeGreaterThanOrEqual(5);
  for (const [at, leastMs] of [0, 100, 200, 300].entries())
    expect(waitMs(at)).toBeGreaterThanOrEqual(leastMs - 5);
  // The next start waits 500 ms; the one after it would wait 800.
  workers.answered();
  await expect.poll(() => startedMs.length, patience).toBeGreaterThanOrEqual(6);
  expect(waitMs(5)).toBeLessThan(700);
});
