import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeVersion } from '../fixtures/versions.ts';
import { inLong } from '../long.ts';
import { freePort, startRedis } from '../queue/redis.ts';
import type { RedisServer } from '../queue/redis.ts';
import { bad, commandLine, linesOf, outpost, photo, plantPhotos, root } from './cli-process.ts';
import { newFolder } from '../temp/folder.ts';

const place = newFolder('queue');
const folder = path.join(place, 'photos');
const count = inLong(240, 40);
const badNames = ['broken-a.jpg', 'broken-b.jpg'];
const nodes: Node[] = [];
let redis: RedisServer;
let reference: ReturnType<typeof linesOf>;

type Node = { readonly child: ChildProcess; readonly output: () => string };

async function startNode(name: string, url: string, ...more: readonly string[]): Promise<Node> {
  const command = [
    '--data',
    path.join(place, name),
    'work',
    '--queue',
    url,
    '--workers',
    '1',
    '--threads',
    '1',
  ];
  const child = spawn(process.execPath, [...(await commandLine()), ...command, ...more], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1' },
  });
  let output = '';
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const node = { child, output: () => output };
  nodes.push(node);
  while (!output.includes('Working on')) {
    if (child.exitCode !== null) throw new Error(output);
    await sleep(20);
  }
  return node;
}

async function endNodes(): Promise<void> {
  for (const { child } of nodes.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const end = once(child, 'exit');
    child.kill('SIGTERM');
    await end;
  }
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(30);
}

const answersOf = (lines: ReturnType<typeof linesOf>) =>
  lines.map(({ input, result, fault }) => ({ input, result, fault }));

beforeAll(async () => {
  redis = await startRedis({ keeps: true });
  plantPhotos(folder, count);
  copyFileSync(bad('truncated.jpg'), path.join(folder, badNames[0]!));
  copyFileSync(bad('text.jpg'), path.join(folder, badNames[1]!));
  const predicted = await outpost(['predict', '--data', path.join(place, 'reference'), folder]);
  expect(predicted.code).toBe(2);
  reference = linesOf(predicted.out);
  expect(reference).toHaveLength(count + badNames.length);
});
afterAll(async () => {
  await endNodes();
  await redis.close();
});

describe('one folder for three nodes', () => {
  it('loses and doubles nothing when one is killed in the middle, and a second submission adds nothing', async () => {
    const url = redis.url('killed');
    const client = redis.client();
    const [victim] = await Promise.all(['a', 'b', 'c'].map((name) => startNode(name, url)));
    const out = path.join(place, 'killed.jsonl');
    const submitted = outpost(['submit', folder, '--queue', url, '--out', out]);
    await until(async () => (await client.zcard('bull:killed:completed')) >= 15);
    victim?.child.kill('SIGKILL');
    expect(await client.zcard('bull:killed:completed')).toBeLessThan(count);
    const { code, error } = await submitted;
    expect(code, error).toBe(2);
    expect(error).toContain(`${count} answered`);
    expect(answersOf(linesOf(readFileSync(out, 'utf8')))).toEqual(answersOf(reference));
    expect(await client.keys('outpost:killed:content:*')).toEqual([]);
    expect(await client.zcard('bull:killed:completed')).toBe(count);

    const again = await outpost(['submit', folder, '--queue', url]);
    expect(again.error).toContain('0 put into the queue');
    const status = await outpost(['submit', '--status', '--json', '--queue', url]);
    expect(JSON.parse(status.out)).toMatchObject({ waiting: 0, active: 0, done: count, failed: 2 });
    for (const name of badNames) expect(status.out).toContain(name);
    await endNodes();
  });

  const comesBack = [
    ['forgot', false],
    ['kept', true],
  ] as const;
  it.each(comesBack.slice(0, inLong(2, 1)))(
    'goes on when Redis stops and comes back with what it %s',
    async (name, keeps) => {
      const server = await startRedis({ keeps });
      const url = server.url('stopped');
      const client = server.client();
      const started = await Promise.all(['d', 'e'].map((node) => startNode(`${node}-${name}`, url)));
      const out = path.join(place, `${name}.jsonl`);
      const submitted = outpost(['submit', folder, '--queue', url, '--out', out]);
      await until(async () => (await client.zcard('bull:stopped:completed')) >= 15);
      await server.stop();
      await sleep(3_000);
      await server.start();
      const { code, error } = await submitted;
      expect(code, error).toBe(2);
      expect(answersOf(linesOf(readFileSync(out, 'utf8')))).toEqual(answersOf(reference));
      for (const { output } of started) {
        expect(output().match(/\[queue-unreachable\]/gu)).toHaveLength(1);
        expect(output()).toContain('is back');
      }
      await endNodes();
      await server.close();
    },
  );

  it('finishes what is in hand when told to end, and leaves the rest to others', async () => {
    const url = redis.url('told');
    const client = redis.client();
    await outpost(['submit', folder, '--queue', url]);
    const node = await startNode('f', url);
    await until(async () => (await client.zcard('bull:told:completed')) >= 5);
    const end = once(node.child, 'exit');
    node.child.kill('SIGTERM');
    expect(await end).toEqual([0, null]);
    expect(await client.llen('bull:told:active')).toBe(0);
    expect(await client.llen('bull:told:wait')).toBeGreaterThan(0);
  });
});

describe('files that nodes see', () => {
  it('are named by their place below the root, and nothing outside it is read', async () => {
    const url = redis.url('shared');
    const seen = path.join(place, 'seen');
    mkdirSync(seen);
    copyFileSync(photo('rocket.jpg'), path.join(seen, 'rocket.jpg'));
    await startNode('g', url, '--shared-root', seen);
    const shared = await outpost(['submit', seen, '--shared-root', seen, '--queue', url, '--wait']);
    expect(shared.code, shared.error).toBe(0);
    // Named below a wider root than this node was given: to it, the place does not exist.
    const wider = await outpost(['submit', folder, '--shared-root', place, '--queue', url, '--wait']);
    expect(wider.code).toBe(2);
    expect(new Set(linesOf(wider.out).map(({ fault }) => fault?.code))).toEqual(new Set(['file-not-found']));
    await endNodes();
  });
});

describe('another version', () => {
  it('answers a folder anew that the one before it answered', async () => {
    const url = redis.url('switch');
    const models = path.join(place, 'models');
    makeVersion(path.join(models, 'efficientnet-lite0'), { id: 'efficientnet-lite0', version: '1.1.0' });
    const one = path.join(place, 'one-photo');
    mkdirSync(one);
    copyFileSync(photo('rocket.jpg'), path.join(one, 'rocket.jpg'));
    await startNode('i', url, '--models', models);
    const command = ['submit', one, '--queue', url, '--wait'];
    const versionOf = async (...more: readonly string[]) => {
      const ended = await outpost([...command, ...more, '--data', path.join(place, 'submitter')]);
      expect(ended.code, ended.error).toBe(0);
      return (JSON.parse(ended.out) as { version?: string }).version;
    };
    expect(await versionOf()).toBe('1.0.0');
    expect(await versionOf('--models', models)).toBe('1.1.0');
    expect(await versionOf('--model', 'efficientnet-lite0@1.0.0')).toBe('1.0.0');
    await endNodes();
  });
});

describe('an item that no node can answer', () => {
  it('has three turns, keeps its fault by name, and is tried again when that is asked for', async () => {
    const url = redis.url('poison');
    const client = redis.client();
    const one = path.join(place, 'one');
    mkdirSync(one);
    copyFileSync(photo('rocket.jpg'), path.join(one, 'rocket.jpg'));
    await startNode('h', url);
    const command = ['submit', one, '--queue', url, '--model', 'no-such-model', '--wait'];
    const ended = await outpost(command);
    expect(ended.code).toBe(2);
    expect(linesOf(ended.out)[0]?.fault?.code).toBe('model-not-found');
    const turns = async (): Promise<string | null> => {
      const [id] = await client.zrange('bull:poison:failed', 0, -1);
      return client.hget(`bull:poison:${id}`, 'atm');
    };
    expect(await turns()).toBe('3');
    const startedAt = async () =>
      client.hget(`bull:poison:${(await client.zrange('bull:poison:failed', 0, -1))[0]}`, 'timestamp');
    const first = await startedAt();
    expect((await outpost(command)).code).toBe(2);
    expect(await startedAt()).toBe(first);
    expect((await outpost([...command, '--again'])).code).toBe(2);
    expect(await startedAt()).not.toBe(first);
    await endNodes();
  });
});

describe('no queue', () => {
  it('is said within seconds, without the password', async () => {
    const port = await freePort();
    for (const command of [['work'], ['submit', folder]]) {
      const begun = performance.now();
      const ended = await outpost([...command, '--queue', `redis://me:very-secret@127.0.0.1:${port}`]);
      expect(ended.code).toBe(1);
      expect(ended.error).toContain(`redis://127.0.0.1:${port}/0`);
      expect(ended.error).toContain('[queue-unreachable]');
      expect(ended.error).not.toContain('secret');
      expect(performance.now() - begun).toBeLessThan(15_000);
    }
  });
});
