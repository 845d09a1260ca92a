import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../tools/build.mjs';
import { find } from '../../tools/need.mjs';
import { connect } from '../http/oip-grpc/fixture.ts';
import { freePorts, startNginx } from './nginx.ts';
import type { Nginx } from './nginx.ts';
import { startNode } from './node.ts';
import type { Node } from './node.ts';
import { newFolder } from '../temp/folder.ts';

const nginxProgram = find('nginx');
if (nginxProgram.path === undefined) console.warn(`Left out: ${nginxProgram.reason}`);
const three = [0, 1, 2] as const;
const clientCount = 4;

describe.skipIf(nginxProgram.path === undefined)('gRPC through the shipped nginx configuration', () => {
  const folder = newFolder('deploy');
  let binds: readonly string[] = [];
  const nodes: Node[] = [];
  let nginx: Nginx;
  const start = (node: number) =>
    startNode(binds[node]!, [
      '--grpc-bind',
      binds[node + 3]!,
      '--data',
      join(folder, `data-${node}`),
      ...'--load tensor-demo --workers 1 --threads 1'.split(' '),
    ]);

  beforeAll(async () => {
    await ensureBuilt();
    binds = (await freePorts(6)).map((port) => `127.0.0.1:${port}`);
    nodes.push(...(await Promise.all(three.map(start))));
    nginx = await startNginx(nginxProgram.path!, binds.slice(0, 3), binds.slice(3));
  }, 120_000);
  afterAll(async () => {
    await nginx?.stop();
    await Promise.all(nodes.map((node) => node.end('SIGKILL')));
  });

  it('a node ended gently loses no call; a killed one those that it was at', async () => {
    const client = connect(nginx.grpc);
    const failed: string[] = [];
    let good = 0;
    let isOver = false;
    const connection = async (from: number): Promise<void> => {
      for (let number = from; !isOver; number += clientCount)
        try {
          const { outputs } = (await client.call('ModelInfer', question(number))) as {
            outputs: { name: string; contents: { fp32_contents: number[] } }[];
          };
          const sum = outputs.find(({ name }) => name === 'sum')?.contents.fp32_contents;
          if (sum?.[0] === number * 3) good += 1;
          else failed.push(`${number}: wrong numbers`);
        } catch (error) {
          failed.push((error as Error).message);
        }
    };
    const clients = Promise.all(Array.from({ length: clientCount }, (_, at) => connection(at + 1)));
    try {
      await sleep(500);
      for (const [node, signal] of [
        [0, 'SIGTERM'],
        [1, 'SIGTERM'],
        [2, 'SIGKILL'],
      ] as const) {
        await nodes[node]!.end(signal);
        await sleep(500);
        if (signal === 'SIGTERM') expect(failed).toEqual([]);
        nodes[node] = await start(node);
        await sleep(500);
      }
    } finally {
      isOver = true;
      await clients;
      client.close();
    }
    console.info(`${good} calls, ${failed.length} failed`);
    // One for each lane at most. nginx does not keep the bodies of gRPC; clients are told to ask again.
    expect(failed.length).toBeLessThanOrEqual(clientCount);
    // INTERNAL where the answer had begun.
    expect(failed.filter((message) => !/^(?:14 UNAVAILABLE|13 INTERNAL): /u.test(message))).toEqual([]);
    expect(good).toBeGreaterThan(200);
  }, 120_000);

  it('load and unload are refused here', async () => {
    const client = connect(nginx.grpc);
    for (const method of ['RepositoryModelLoad', 'RepositoryModelUnload'])
      await expect(client.call(method, { model_name: 'tensor-demo' })).rejects.toMatchObject({ code: 7 });
    expect(await client.call('ServerReady')).toEqual({ ready: true });
    client.close();
  });
});

function question(number: number) {
  const table = (by: number) => [0, 1, 2].map((at) => number * by + at);
  return {
    model_name: 'tensor-demo',
    inputs: [
      { name: 'a', datatype: 'FP32', shape: [1, 3], contents: { fp32_contents: table(1) } },
      { name: 'b', datatype: 'FP32', shape: [1, 3], contents: { fp32_contents: table(2) } },
      { name: 'count', datatype: 'INT64', shape: [1], contents: { int64_contents: [number] } },
    ],
  };
}
