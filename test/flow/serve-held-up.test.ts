import { afterEach, expect, test } from 'vitest';
import { endAll, startServe } from './serve-process.ts';
import { ask, askSlow, slowPacks } from './slow-model.ts';

afterEach(endAll);
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const usual = ['--inference', 'in-process', '--workers', '2', '--threads', '1', '--load', 'slow'];
const options = (folder: string, ...more: readonly string[]): readonly string[] => [
  ...usual,
  '--models',
  folder,
  ...more,
];

test('probes are answered while every worker is inside a model for seconds', async () => {
  const serve = await startServe(options(slowPacks(300)));
  await serve.until('Ready after');
  const runs = [askSlow(serve), askSlow(serve)];
  await wait(700);
  const times: number[] = [];
  for (let turn = 0; turn < 20; turn += 1)
    for (const path of ['/livez', '/readyz']) {
      const { status, ms } = await ask(serve, path);
      expect(status).toBe(200);
      times.push(ms);
    }
  const sorted = times.toSorted((one, other) => one - other);
  const lasted = await Promise.all(runs);
  // The models were at work all the while, or this shows nothing.
  for (const { status, ms } of lasted) {
    expect(status).toBe(200);
    expect(ms).toBeGreaterThan(1_500);
  }
  expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThan(50);
});

test('a run that is too long ends its worker, the log names the model, and another worker answers', async () => {
  const serve = await startServe(options(slowPacks(1_500), '--timeout', '1'));
  await serve.until('Ready after');
  const { status, ms } = await askSlow(serve);
  expect(status).toBe(null);
  expect(ms).toBeGreaterThan(900);
  await serve.until(/an HTTP worker ended \(slow@1\.0\.0 did not answer in time\)/u);
  const metrics = await (await fetch(`${serve.url}/metrics`, { headers: { connection: 'close' } })).text();
  expect(metrics).toMatch(
    /^outpost_worker_ends_total\{model="slow",version="1\.0\.0",reason="timeout"\} 1$/mu,
  );
  expect((await ask(serve, '/v2/models/slow/ready')).status).toBe(200);
  await expect.poll(() => serve.children().length).toBe(2);
});

test('a worker that is stopped is ended and replaced', async () => {
  const serve = await startServe(options(slowPacks(300)));
  await serve.until('Ready after');
  const [victim] = serve.children();
  process.kill(victim!, 'SIGSTOP');
  await serve.until('it was silent');
  await expect.poll(() => serve.children().length).toBe(2);
  expect(serve.children()).not.toContain(victim);
  expect((await ask(serve, '/v2/models/slow/ready')).status).toBe(200);
});
