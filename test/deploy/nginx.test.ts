import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../tools/build.mjs';
import { find } from '../../tools/need.mjs';
import { inLong } from '../long.ts';
import { publicName, startLoad } from './load.ts';
import type { Load } from './load.ts';
import { freePorts, startNginx } from './nginx.ts';
import type { Nginx } from './nginx.ts';
import { startNode } from './node.ts';
import type { Node } from './node.ts';
import { operators, placeRolling } from './rolling.ts';
import { newFolder } from '../temp/folder.ts';

const nginxProgram = find('nginx');
if (nginxProgram.path === undefined) console.warn(`Left out: ${nginxProgram.reason}`);
const three = [0, 1, 2] as const;
const clients = 8;
/** The first node has more than one HTTP worker. */
const workersOf = [2, 1, 1];
/** So that nodes start beside the load: without it, it takes all of the processor. */
const pauseMs = inLong(0, 5);

describe.skipIf(nginxProgram.path === undefined)(
  'three nodes behind the shipped nginx configuration, under load',
  () => {
    const folder = newFolder('deploy');
    let binds: readonly string[] = [];
    const nodes: Node[] = [];
    let nginx: Nginx;

    const place = (node: number, version: keyof typeof operators): void =>
      placeRolling(join(folder, `models-${node}`), version);
    const start = (node: number) =>
      startNode(binds[node]!, [
        '--models',
        join(folder, `models-${node}`),
        '--data',
        join(folder, `data-${node}`),
        ...`--load rolling --workers ${workersOf[node]} --threads 1 --keep-alive 75`.split(' '),
        '--allowed-host',
        publicName,
      ]);
    /** Work for about so long, and surely some of it. */
    async function under(load: Load, ms: number): Promise<void> {
      const before = load.total();
      await sleep(ms);
      await expect.poll(() => load.total(), { timeout: 10_000 }).toBeGreaterThan(before);
    }

    beforeAll(async () => {
      await ensureBuilt();
      binds = (await freePorts(3)).map((port) => `127.0.0.1:${port}`);
      for (const node of three) place(node, '1.0.0');
      nodes.push(...(await Promise.all(three.map(start))));
      nginx = await startNginx(nginxProgram.path!, binds);
    }, 120_000);
    afterAll(async () => {
      await nginx?.stop();
      await Promise.all(nodes.map((node) => node.end('SIGKILL')));
    });

    it('kill -9 of a node, its return, a roll of all nodes to a new version, another by SIGHUP: no request fails', async () => {
      const load = startLoad(nginx.url, 'rolling', { clients, pauseMs });
      try {
        await under(load, 1000);
        for (const node of three.slice(0, inLong(3, 1))) {
          expect(await nodes[node]!.end('SIGKILL')).toBe('SIGKILL');
          await under(load, 700);
          nodes[node] = await start(node);
          await under(load, 700);
        }
        expect(load.failed).toEqual([]);

        for (const node of three) {
          place(node, '2.0.0');
          expect(await nodes[node]!.end('SIGTERM')).toBe(0);
          nodes[node] = await start(node);
          await under(load, 500);
        }
        expect(load.failed).toEqual([]);
        expect([...load.good.keys()].sort()).toEqual(['1.0.0', '2.0.0']);

        for (const node of three) {
          place(node, '3.0.0');
          nodes[node]!.signal('SIGHUP');
          await expect.poll(() => nodes[node]!.output(), { timeout: 30_000 }).toContain('rolling 3.0.0');
          await under(load, 300);
        }
        const atEnd = new Map(load.good);
        const known = atEnd.get('3.0.0') ?? 0;
        await expect.poll(() => load.good.get('3.0.0'), { timeout: 10_000 }).toBeGreaterThan(known + 100);
        await load.stop();
        expect(load.failed).toEqual([]);
        expect(load.good.get('1.0.0')).toBeGreaterThan(100);
        expect(load.good.get('2.0.0')).toBeGreaterThan(100);
        // All have it, none answers with another one.
        expect(load.good.get('2.0.0')).toBeLessThanOrEqual((atEnd.get('2.0.0') ?? 0) + clients);
        console.info(
          `${load.total()} requests by ${clients} lanes, 0 failed: ${JSON.stringify(Object.fromEntries(load.good))}`,
        );
      } finally {
        await load.stop();
      }
    }, 120_000);

    it('a name that no node was told to answer to is refused by the node itself', async () => {
      const { request } = await import('node:http');
      const status = await new Promise<number | undefined>((resolve) => {
        request(`${nginx.url}/v1/models/rolling`, { headers: { host: 'evil.example' } }, (answer) => {
          answer.resume();
          resolve(answer.statusCode);
        }).end();
      });
      expect(status).toBe(403);
    });
  },
);
