import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';
import { endAll, post, postOver, startServe } from './serve-process.ts';
import type { Serve } from './serve-process.ts';

/* Many connections and many requests on HTTP workers; all of them in `npm run test:long`. */

afterEach(endAll);
const mebibyte = 1024 ** 2;
const tensors = JSON.stringify({ instances: [{ a: [1, 2, 3], b: [10, 20, 30], count: 7 }] });
const target = '/v1/models/tensor-demo:predict';
const small = ['--inference', 'in-process', '--workers', '2', '--threads', '1', '--load', 'tensor-demo'];

const tree = (serve: Serve): readonly number[] => [serve.child.pid!, ...serve.children()];
const residentBytes = (serve: Serve): number =>
  tree(serve)
    .map((pid) => Number(/VmRSS:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024)
    .reduce((sum, bytes) => sum + bytes, 0);
const descriptors = (serve: Serve): number =>
  tree(serve).reduce((sum, pid) => sum + readdirSync(`/proc/${pid}/fd`).length, 0);

/** The status of the answer, on a connection of this agent. */
const ask = async ({ url }: Serve, agent: Agent, headers: Record<string, string> = {}): Promise<number> =>
  (await postOver(agent, `${url}${target}`, { body: tensors, headers })).status;

test('a token that leaves its file counts no more on connections that are kept, in every worker, before any worker is new', async () => {
  const file = path.join(newFolder(), 'tokens');
  const [lab, field] = ['lab:the-token-of-the-lab', 'field:the-token-of-the-field'];
  writeFileSync(file, `${lab}\n${field}\n`, { mode: 0o600 });
  const serve = await startServe([...small, '--token-file', file]);
  await serve.until('Ready after');
  const agents = Array.from({ length: 6 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const asLab = (): Promise<readonly number[]> =>
    Promise.all(agents.map((agent) => ask(serve, agent, { authorization: 'Bearer the-token-of-the-lab' })));
  expect(await asLab()).toEqual(Array(6).fill(200));
  writeFileSync(file, `${field}\n`);
  serve.signal('SIGHUP');
  await expect.poll(asLab, { interval: 20 }).toEqual(Array(6).fill(401));
  expect(serve.output()).not.toContain('Reloaded:');
  await serve.until('Reloaded:');
  expect(await asLab()).toEqual(Array(6).fill(401));
  const other = await post(`${serve.url}${target}`, tensors, {
    authorization: 'Bearer the-token-of-the-field',
  });
  expect(other.status).toBe(200);
  for (const agent of agents) agent.destroy();
});

test('another file of tokens counts in every worker, the first one no more; what cannot change is named', async () => {
  const folder = newFolder();
  const [first, second, config] = ['first', 'second', 'outpost.yaml'].map((name) => path.join(folder, name));
  writeFileSync(first!, 'lab:the-token-of-the-lab\n', { mode: 0o600 });
  writeFileSync(second!, 'lab:the-second-of-the-lab\n', { mode: 0o600 });
  writeFileSync(config!, `token-file: ${first}\n`);
  const serve = await startServe([...small, '--config', config!]);
  await serve.until('Ready after');
  const agents = Array.from({ length: 4 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const all = (token: string): Promise<readonly number[]> =>
    Promise.all(agents.map((agent) => ask(serve, agent, { authorization: `Bearer ${token}` })));
  expect(await all('the-token-of-the-lab')).toEqual(Array(4).fill(200));
  writeFileSync(config!, `token-file: ${second}\nbacklog: 100\n`);
  serve.signal('SIGHUP');
  await serve.until('Reloaded:');
  expect(serve.output()).toContain('Changed, and as before until the next start: backlog\n');
  expect(await all('the-token-of-the-lab')).toEqual(Array(4).fill(401));
  expect(await all('the-second-of-the-lab')).toEqual(Array(4).fill(200));
  for (const agent of agents) agent.destroy();
});

test(
  'thousands of connections are kept in little memory while some of them are busy, and each is answered again',
  async () => {
    const [count, active] = [inLong(10_000, 1_000), 100];
    const serve = await startServe(small);
    await serve.until('Ready after');
    const { hostname, port } = new URL(serve.url);
    const text = `POST ${target} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Length: ${tensors.length}\r\n\r\n${tensors}`;
    const answered = new Map<Socket, number>();
    const sockets: Socket[] = [];
    const open = (): Promise<void> =>
      new Promise((resolve, reject) => {
        const socket = connect(Number(port), hostname, () => {
          socket.write(text);
          resolve();
        });
        sockets.push(socket);
        answered.set(socket, 0);
        socket.on('error', reject);
        socket.on('data', (bytes: Buffer) => {
          const before = answered.get(socket)!;
          answered.set(socket, before + bytes.toString('latin1').split('HTTP/1.1 200 OK').length - 1);
        });
      });
    const all = (round: number): number => sockets.filter((each) => answered.get(each)! >= round).length;
    for (let at = 0; at < count; at += 100) {
      await Promise.all(Array.from({ length: 100 }, open));
      await expect.poll(() => all(1), { timeout: 60_000 }).toBe(at + 100);
    }
    for (let round = 2; round <= 11; round += 1) {
      for (const socket of sockets.slice(0, active)) socket.write(text);
      await expect.poll(() => all(round), { timeout: 60_000 }).toBe(active);
    }
    expect(residentBytes(serve)).toBeLessThan(600 * mebibyte);
    // Those that were idle are as good as new; all at once they would be more than may wait.
    for (let at = active; at < count; at += active) {
      for (const socket of sockets.slice(at, at + active)) socket.write(text);
      await expect.poll(() => all(2), { timeout: 60_000 }).toBe(at + active);
    }
    for (const socket of sockets) socket.destroy();
  },
  inLong(600_000, 120_000),
);

test(
  'memory and descriptors stay as they are over many requests',
  async () => {
    const count = inLong(200_000, 6_000);
    const serve = await startServe(small);
    await serve.until('Ready after');
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const send = async (requests: number): Promise<void> => {
      let left = requests;
      const client = async (): Promise<void> => {
        for (; left > 0; left -= 1)
          // Every tenth is a client of its own.
          expect(await (left % 10 === 0 ? ask(serve, new Agent()) : ask(serve, agent))).toBe(200);
      };
      await Promise.all(Array.from({ length: 8 }, client));
    };
    await send(Math.round(count / 3));
    const before = {
      bytes: residentBytes(serve),
      descriptors: descriptors(serve),
      workers: serve.children(),
    };
    await send(count);
    expect(serve.children()).toEqual(before.workers);
    expect(residentBytes(serve)).toBeLessThan(1.1 * before.bytes + 32 * mebibyte);
    await expect.poll(() => descriptors(serve)).toBeLessThanOrEqual(before.descriptors + 8);
    agent.destroy();
  },
  inLong(1_200_000, 120_000),
);
