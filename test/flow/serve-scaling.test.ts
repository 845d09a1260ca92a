import { Agent } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { inLong } from '../long.ts';
import { outpost } from './cli-process.ts';
import { endAll, startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';
import { httpWorkers, openConnections } from './serve-workers.ts';
import { askSlow, side, slowBody, slowPacks } from './slow-model.ts';
import { newFolder } from '../temp/folder.ts';

afterEach(endAll);
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const slow = slowBody();
/** An eighth of the work: clients that ask it take turns quickly on a busy machine too. */
const quick = slowBody(side / 2);

/** Asks without a pause, or with one, until it is told to stop: what it was answered. */
function client(serve: Serve, agent: Agent, { pauseMs = 0, sent = slow } = {}) {
  const statuses: (number | null)[] = [];
  let isOver = false;
  const done = (async () => {
    while (!isOver) {
      statuses.push((await askSlow(serve, agent, sent)).status);
      await wait(pauseMs);
    }
  })();
  return async (): Promise<readonly (number | null)[]> => {
    isOver = true;
    await done;
    return statuses;
  };
}

test(
  'workers come while requests wait, take over kept connections, and leave when nothing waits; no request fails',
  async () => {
    const most = inLong(3, 2);
    const options = ['--inference', 'in-process', '--workers', String(most), '--min-workers', '1'];
    // A quarter of a second each: whoever comes fourth waits.
    const serve = await startServe([
      ...options,
      '--threads',
      '1',
      '--models',
      slowPacks(8),
      '--load',
      'slow',
    ]);
    await serve.until('Ready after');
    expect(httpWorkers(serve)).toHaveLength(1);
    const agent = new Agent({ keepAlive: true, maxSockets: 6 });
    const busy = Array.from({ length: 6 }, () => client(serve, agent));
    await expect.poll(() => httpWorkers(serve).length, { timeout: 60_000 }).toBe(most);
    // The clients keep their connections: without more ado the new workers would have none.
    await expect
      .poll(() => httpWorkers(serve).filter((pid) => openConnections(serve, pid) > 0).length, {
        timeout: 60_000,
      })
      .toBe(most);
    const answers = (await Promise.all(busy.map((stop) => stop()))).flat();
    expect(answers.length).toBeGreaterThan(6);
    expect(answers.filter((status) => status !== 200)).toEqual([]);
    const calm = client(serve, agent, { pauseMs: 300 });
    await expect.poll(() => httpWorkers(serve).length, { timeout: 60_000 * most }).toBe(1);
    const later = await calm();
    expect(later.length).toBeGreaterThan(20);
    expect(later.filter((status) => status !== 200)).toEqual([]);
    agent.destroy();
  },
  inLong(400_000, 200_000),
);

test('a new worker takes its part of the connections that were kept when another one was killed', async () => {
  const options = ['--inference', 'in-process', '--workers', '2', '--threads', '1', '--models', slowPacks(1)];
  const serve = await startServe([...options, '--load', 'slow']);
  await serve.until('Ready after');
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const clients = Array.from({ length: 8 }, () => client(serve, agent, { pauseMs: 20, sent: quick }));
  const [victim = 0] = httpWorkers(serve);
  await expect.poll(() => openConnections(serve, victim)).toBeGreaterThanOrEqual(3);
  process.kill(victim, 'SIGKILL');
  await expect
    .poll(
      () => {
        const counts = httpWorkers(serve).map((pid) => openConnections(serve, pid));
        // Half of those that are open are four; a client more or less may be between two connections.
        return counts.length === 2 && !httpWorkers(serve).includes(victim) ? Math.min(...counts) : 0;
      },
      { timeout: 60_000 },
    )
    .toBeGreaterThanOrEqual(3);
  const answers = (await Promise.all(clients.map((stop) => stop()))).flat();
  expect(answers.filter((status) => status !== 200).length).toBeLessThanOrEqual(4);
  agent.destroy();
});

test('clients that stay take turns with every worker, also when those of one worker have left', async () => {
  const options = ['--inference', 'in-process', '--workers', '2', '--threads', '1', '--models', slowPacks(1)];
  const serve = await startServe([...options, '--load', 'slow']);
  await serve.until('Ready after');
  const [first = 0, second = 0] = httpWorkers(serve);
  const here: Leaving[] = [];
  const elsewhere: Leaving[] = [];
  for (let count = 1; count <= 8; count += 1) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const before = openConnections(serve, first);
    const stop = client(serve, agent, { pauseMs: 20, sent: quick });
    const all = (): number => openConnections(serve, first) + openConnections(serve, second);
    await expect.poll(all, { interval: 5 }).toBe(count);
    const leaving = { stop, agent };
    (openConnections(serve, first) > before ? here : elsewhere).push(leaving);
  }
  expect([here.length, elsewhere.length]).toEqual([4, 4]);
  const left = (await Promise.all(here.map(leave))).flat();
  expect(openConnections(serve, second)).toBe(4);
  const counts = (): readonly number[] => [first, second].map((pid) => openConnections(serve, pid));
  await expect.poll(() => Math.min(...counts()), { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
  const stayed = (await Promise.all(elsewhere.map(leave))).flat();
  expect([...left, ...stayed].filter((status) => status !== 200)).toEqual([]);
});

type Leaving = { readonly stop: ReturnType<typeof client>; readonly agent: Agent };
async function leave({ stop, agent }: Leaving): Promise<readonly (number | null)[]> {
  const statuses = await stop();
  agent.destroy();
  return statuses;
}

test('what cannot hold is refused at the start with the figures', async () => {
  const start = (...options: readonly string[]) =>
    outpost([
      'serve',
      '--inference',
      'in-process',
      '--bind',
      '127.0.0.1:0',
      '--data',
      newFolder(),
      ...options,
    ]);
  const memory = await start('--workers', '4', '--request-memory', '256mb');
  expect(memory).toMatchObject({ code: 1, error: expect.stringContaining('Give 512mb') as string });
  const range = await start('--workers', '2', '--min-workers', '3');
  expect(range.code).not.toBe(0);
  expect(range.error).toContain('min-workers 3 is more than workers 2');
});
