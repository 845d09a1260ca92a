import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Serve } from './serve-process.ts';

/** Empty for a process that has ended. */
export const commandOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};

/** HTTP workers of a server with in-process inference. */
export const httpWorkers = (serve: Serve): readonly number[] =>
  serve.children().filter((pid) => commandOf(pid).includes('http-worker'));

/** Processor time of a process in hundredths of a second. */
export const workOf = (pid: number): number => {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return user! + system!;
};

/** Which of these processes has the other end of a connection that is open on this port of ours. */
function holderOf(pids: readonly number[], ourPort: number): number | undefined {
  const hex = ourPort.toString(16).toUpperCase().padStart(4, '0');
  const line = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .find((each) => each.split(/\s+/u)[3]?.endsWith(`:${hex}`));
  const inode = line?.trim().split(/\s+/u)[9];
  return pids.find((pid) => linksOf(pid).includes(`socket:[${inode}]`));
}

/** What the descriptors of a process stand for. */
const linksOf = (pid: number): readonly string[] =>
  readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return [];
    }
  });

/** A kept connection to each worker, by its process. */
export async function connectionOfEach(serve: Serve): Promise<ReadonlyMap<number, Agent>> {
  const workers = httpWorkers(serve);
  const found = new Map<number, Agent>();
  for (let turn = 0; turn < 20 * workers.length && found.size < workers.length; turn += 1) {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const socket = await open(agent, `${serve.url}/v2`);
    const worker = holderOf(workers, socket.localPort ?? 0);
    if (worker === undefined || found.has(worker)) agent.destroy();
    else found.set(worker, agent);
  }
  return found;
}

/** The connection stays with the agent. */
const open = (agent: Agent, url: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { agent }, (answer) => {
      const { socket } = answer;
      answer.resume();
      answer.on('end', () => resolve(socket));
    });
    asked.on('error', reject);
    asked.end();
  });

/** What a GET on a connection of this agent is answered. */
export const getOver = (
  agent: Agent,
  url: string,
): Promise<{ readonly status: number; readonly body: string }> =>
  new Promise((resolve, reject) => {
    const asked = request(url, { agent }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => (body += piece));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    asked.on('error', reject);
    asked.end();
  });

/** How many connections to the server's address this process has open. */
export function openConnections(serve: Serve, pid: number): number {
  const hex = Number(new URL(serve.url).port).toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set(
    readFileSync('/proc/net/tcp', 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/u))
      // Those that are established.
      .flatMap(([, local = '', , state, ...rest]) =>
        local.endsWith(`:${hex}`) && state === '01' ? `socket:[${rest[5]}]` : [],
      ),
  );
  return linksOf(pid).filter((link) => inodes.has(link)).length;
}
