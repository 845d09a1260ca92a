import type { Agent } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { endAll, startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';
import { connectionOfEach, workOf } from './serve-workers.ts';
import { ask, askSlow, slowBody, slowPacks } from './slow-model.ts';

afterEach(endAll);
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const usual = ['--inference', 'in-process', '--workers', '2', '--threads', '1', '--load', 'slow'];
const options = (folder: string, ...more: readonly string[]): readonly string[] => [
  ...usual,
  '--models',
  folder,
  ...more,
];

/** The edge of a square that the model takes about so long for, by how long it takes for a small one. */
async function edgeFor(serve: Serve, agent: Agent, ms: number): Promise<number> {
  const small = slowBody(384);
  await askSlow(serve, agent, small);
  const { ms: smallMs } = await askSlow(serve, agent, small);
  return Math.round(384 * Math.cbrt(ms / smallMs));
}

// A busy machine may be late once; who waits behind a model is late each time.
test('probes are answered while every worker is inside a model for seconds', { retry: 1 }, async () => {
  const serve = await startServe(options(slowPacks(300)));
  await serve.until('Ready after');
  const connections = await connectionOfEach(serve);
  const workers = [...connections.keys()];
  expect(workers).toHaveLength(2);
  const agents = [...connections.values()];
  const sent = slowBody(await edgeFor(serve, agents[0]!, 6_000));
  let ended = 0;
  const runs = agents.map((agent) => askSlow(serve, agent, sent).finally(() => (ended += 1)));
  await wait(1_000);
  const before = workers.map(workOf);
  const times: number[] = [];
  for (let turn = 0; turn < 10; turn += 1)
    for (const path of ['/livez', '/readyz', '/v2/health/live', '/v2/health/ready']) {
      const { status, ms } = await ask(serve, path);
      expect(status).toBe(200);
      times.push(ms);
      await wait(40);
    }
  // Both were inside their run all the while, and at work as far as a busy machine lets them, or this shows nothing.
  expect(ended).toBe(0);
  for (const [at, pid] of workers.entries()) expect(workOf(pid) - before[at]!).toBeGreaterThan(20);
  for (const { status, ms } of await Promise.all(runs)) {
    expect(status).toBe(200);
    expect(ms).toBeGreaterThan(3_000);
  }
  for (const agent of agents) agent.destroy();
  expect(times.toSorted((one, other) => one - other).at(-2)).toBeLessThan(50);
});

test('a run that is too long gets 504 and ends its worker, the log names the model, and another worker answers', async () => {
  const serve = await startServe(options(slowPacks(1_500), '--timeout', '1'));
  await serve.until('Ready after');
  const { status, ms } = await askSlow(serve);
  expect(status).toBe(504);
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
