import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { need } from '../../tools/need.mjs';
import { newFolder } from '../temp/folder.ts';

export type RedisServer = {
  readonly port: number;
  readonly url: (name: string) => string;
  readonly client: () => Redis;
  start(): Promise<void>;
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  close(): Promise<void>;
};

/** A real redis-server on a free port of the loopback address; `keeps` writes every command to its log on disk. */
export async function startRedis(options: { keeps?: boolean; password?: string } = {}): Promise<RedisServer> {
  const program = need('redis-server');
  const port = await freePort();
  const folder = newFolder('redis');
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''];
  if (options.keeps) args.push('--appendonly', 'yes');
  if (options.password) args.push('--requirepass', options.password);
  const auth = options.password ? `:${options.password}@` : '';
  const clients: Redis[] = [];
  let child: ChildProcess | null = null;
  const stop = async (signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> => {
    const running = child;
    child = null;
    if (!running || running.exitCode !== null) return;
    const end = once(running, 'exit');
    running.kill(signal);
    await end;
  };
  const start = async (): Promise<void> => {
    child = spawn(program, args, { stdio: 'ignore' });
    const probe = new Redis({
      port,
      password: options.password,
      retryStrategy: () => 50,
      maxRetriesPerRequest: null,
    });
    probe.on('error', () => undefined);
    while ((await probe.ping().catch(() => '')) !== 'PONG') await sleep(50);
    probe.disconnect();
  };
  await start();
  return {
    port,
    url: (name) => `redis://${auth}127.0.0.1:${port}/0?name=${name}`,
    client: () => {
      const client = new Redis({ port, password: options.password, maxRetriesPerRequest: null });
      client.on('error', () => undefined);
      clients.push(client);
      return client;
    },
    start,
    stop,
    close: async () => {
      for (const client of clients) client.disconnect();
      await stop();
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
