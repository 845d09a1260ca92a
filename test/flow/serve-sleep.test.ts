import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { endAll, startServe } from './serve-process.ts';
import { httpWorkers, workOf } from './serve-workers.ts';
import { ask, askSlow, slowPacks } from './slow-model.ts';

afterEach(endAll);

/** Longer than a worker may be silent, and than a run may take. */
const sleepMs = 16_000;
const timeoutS = 12;

// Stopped, the clocks of the processes go on, as they do for a container that is paused.
test('the computer sleeps while a server runs a model: the request is answered, and no worker is replaced', async () => {
  const packs = ['--load', 'slow', '--models', slowPacks(300)];
  const usual = ['--inference', 'in-process', '--workers', '2', '--threads', '1'];
  const serve = await startServe([...usual, '--timeout', String(timeoutS), ...packs]);
  await serve.until('Ready after');
  const workers = httpWorkers(serve);
  expect(workers.length).toBe(2);
  const before = workers.map(workOf);
  let isAnswered = false;
  const run = askSlow(serve).finally(() => (isAnswered = true));
  // One of them is inside the model.
  await expect
    .poll(() => Math.max(...workers.map((pid, at) => workOf(pid) - before[at]!)), { interval: 20 })
    .toBeGreaterThan(40);

  const tree = [serve.child.pid!, ...workers];
  for (const pid of tree) process.kill(pid, 'SIGSTOP');
  const wasAnswered = isAnswered;
  await wait(sleepMs);
  // The arbiter first: it looks at workers that have not run yet.
  for (const pid of tree) process.kill(pid, 'SIGCONT');

  const { status, ms } = await run;
  expect(wasAnswered).toBe(false);
  expect(ms).toBeGreaterThan(sleepMs);
  expect(status).toBe(200);
  expect((await askSlow(serve)).status).toBe(200);
  expect(serve.output()).not.toContain('an HTTP worker ended');
  expect(httpWorkers(serve)).toEqual(workers);

  // Awake, a worker that alone does not run is noticed as ever.
  process.kill(workers[0]!, 'SIGSTOP');
  await serve.until('it was silent');
  await expect.poll(() => httpWorkers(serve).length).toBe(2);
  expect(httpWorkers(serve)).toContain(workers[1]);
  expect((await ask(serve, '/v2/models/slow/ready')).status).toBe(200);
});
