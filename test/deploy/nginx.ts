import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { newFolder } from '../temp/folder.ts';

const shipped = join(import.meta.dirname, '../../deploy/nginx');

export type Nginx = {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly grpc: string;
  /** Where its configuration lies. */
  readonly folder: string;
  /** What it wrote to its error log so far. */
  log(): string;
  stop(): Promise<void>;
};

/** The shipped configuration, in which nothing but addresses is another: nodes as `host:port`, three of each. */
export async function startNginx(
  program: string,
  nodes: readonly string[],
  grpcNodes: readonly string[] = nodes,
): Promise<Nginx> {
  const folder = newFolder('nginx');
  cpSync(shipped, folder, { recursive: true });
  mkdirSync(join(folder, 'temp'));
  const [port, grpcPort] = await freePorts(2);
  const edit = (name: string, change: (text: string) => string) => {
    const before = readFileSync(join(folder, name), 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${name} is not what this test knows`);
    writeFileSync(join(folder, name), after);
  };
  edit('nodes.conf', (text) =>
    text.replace(/server 10\.0\.0\.1([123]):850([12])/gu, (_all, node: string, protocol: string) => {
      const list = protocol === '1' ? nodes : grpcNodes;
      return `server ${list[Number(node) - 1]}`;
    }),
  );
  edit('outpost.conf', (text) =>
    text
      .replace('listen 8080;', `listen 127.0.0.1:${port};`)
      .replace('listen 8081 http2;', `listen 127.0.0.1:${grpcPort} http2;`),
  );
  // Workers of another user could not write into this folder.
  const asRoot = process.getuid?.() === 0 ? 'user root;' : '';
  const child = spawn(program, ['-p', folder, '-c', 'nginx.conf', '-g', `daemon off; ${asRoot}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let log = '';
  child.stderr.on('data', (piece: Buffer) => (log += piece.toString()));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`${url}/nginx-alive`).catch(() => null);
    await answer?.text();
    if (answer?.status === 200) break;
    if (child.exitCode !== null || tries > 100) throw new Error(`nginx does not start: ${log}`);
    await sleep(50);
  }
  return {
    url,
    grpc: `127.0.0.1:${grpcPort}`,
    folder,
    log: () => log,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Ports that were free a moment ago. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve) => {
          const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
