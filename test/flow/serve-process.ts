import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { request } from 'node:http';
import type { Agent } from 'node:http';
import { commandLine, root } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

export type Serve = {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it has written to standard error. */
  output(): string;
  until(text: string | RegExp): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Ends it with SIGTERM and gives its exit code. */
  end(): Promise<number | null>;
  /** The processes that it started. */
  children(): readonly number[];
};
const running = new Set<Serve>();

/** `outpost serve` as a process of its own on a port of the system's choice. */
export async function startServe(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Serve> {
  const data = args.includes('--data') ? [] : ['--data', newFolder('serve')];
  const bind = args.includes('--bind') ? [] : ['--bind', '127.0.0.1:0'];
  const child = spawn(process.execPath, [...(await commandLine()), 'serve', ...bind, ...data, ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => (text += chunk.toString()));
  let code: number | null | undefined;
  let isSignalled = false;
  const ended = new Promise<number | null>((resolve) =>
    child.on('close', (given) => {
      code = given;
      resolve(given);
    }),
  );
  const until = async (wanted: string | RegExp): Promise<void> => {
    const limit = Date.now() + 60_000;
    while (!(typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text))) {
      if (code !== undefined || Date.now() > limit)
        throw new Error(`it did not say ${String(wanted)}: ${text}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  await until(/Answering on (?:http|unix):\S+/u);
  const serve: Serve = {
    url: /Answering on ((?:http|unix):[^\s,]+)/u.exec(text)![1]!,
    child,
    output: () => text,
    until,
    signal: (name) => {
      isSignalled ||= name === 'SIGTERM';
      child.kill(name);
    },
    end: async () => {
      running.delete(serve);
      if (code === undefined && !isSignalled) child.kill('SIGTERM');
      return ended;
    },
    children: () => childrenOf(child.pid ?? -1),
  };
  running.add(serve);
  return serve;
}

/** After each test: nothing that it started lives on. */
export async function endAll(): Promise<void> {
  await Promise.all(
    [...running].map((serve) => {
      serve.child.kill('SIGKILL');
      return serve.end();
    }),
  );
}

export function childrenOf(parent: number): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/u.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
      } catch {
        return false;
      }
    });
}

export type Answer = { readonly status: number; readonly ms: number; readonly body: string };
export async function post(
  url: string,
  body: BodyInit,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const begun = performance.now();
  const response = await fetch(url, { method: 'POST', body, headers });
  const text = await response.text();
  return { status: response.status, ms: performance.now() - begun, body: text };
}

/** The same on a connection of this agent, which may be one that is kept. */
export function postOver(
  agent: Agent,
  url: string,
  { body, headers = {} }: { readonly body: string; readonly headers?: Readonly<Record<string, string>> },
): Promise<Answer> {
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const length = { 'content-length': Buffer.byteLength(body) };
    const asked = request(url, { method: 'POST', agent, headers: { ...headers, ...length } }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (piece: string) => (text += piece));
      answer.on('error', reject);
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, ms: performance.now() - begun, body: text }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Requests without a pause on `lanes` until told to stop. */
export function load(
  clients: number,
  ask: (turn: number) => Promise<Answer>,
): { readonly count: () => number; stop(): Promise<readonly Answer[]> } {
  const answers: Answer[] = [];
  let isOver = false;
  let turn = 0;
  const client = async (): Promise<void> => {
    while (!isOver) {
      turn += 1;
      answers.push(
        await ask(turn).catch((error: unknown) => ({
          status: 0,
          ms: 0,
          body: `no answer: ${String(error)}`,
        })),
      );
    }
  };
  const all = Promise.all(Array.from({ length: clients }, client));
  return {
    count: () => answers.length,
    stop: async () => {
      isOver = true;
      await all;
      return answers;
    },
  };
}
