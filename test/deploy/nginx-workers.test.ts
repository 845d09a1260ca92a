import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../tools/build.mjs';
import { find } from '../../tools/need.mjs';
import { ask, slowBody, slowPacks } from '../flow/slow-model.ts';
import { newFolder } from '../temp/folder.ts';
import { publicName, startLoad } from './load.ts';
import { freePorts, startNginx } from './nginx.ts';
import type { Nginx } from './nginx.ts';
import { startNode } from './node.ts';
import type { Node } from './node.ts';
import { placeRolling } from './rolling.ts';

const nginxProgram = find('nginx');
if (nginxProgram.path === undefined) console.warn(`Left out: ${nginxProgram.reason}`);

describe.skipIf(nginxProgram.path === undefined)('one node of two workers behind nginx', () => {
  const folder = newFolder('deploy');
  let node: Node;
  let nginx: Nginx;

  beforeAll(async () => {
    await ensureBuilt();
    const [port] = await freePorts(1);
    const bind = `127.0.0.1:${port}`;
    placeRolling(join(folder, 'models'), '1.0.0');
    const models = [join(folder, 'models'), slowPacks(300)].flatMap((each) => ['--models', each]);
    const loaded = ['rolling', 'slow'].flatMap((each) => ['--load', each]);
    const options = '--workers 2 --threads 1 --timeout 1 --inference in-process'.split(' ');
    const data = ['--data', join(folder, 'data'), '--allowed-host', publicName];
    node = await startNode(bind, [...models, ...loaded, ...options, ...data]);
    // Its three lines are one node, so that a second try meets a worker beside the one that ended.
    nginx = await startNginx(nginxProgram.path!, [bind, bind, bind]);
  }, 120_000);
  afterAll(async () => {
    await nginx?.stop();
    await node?.end('SIGKILL');
  });

  it('a request that hangs ends one worker and gets 504, and nothing beside it fails', async () => {
    const load = startLoad(nginx.url, 'rolling', { clients: 4, pauseMs: 5 });
    try {
      await expect.poll(() => load.total(), { timeout: 10_000 }).toBeGreaterThan(100);
      const hung = await ask(nginx, '/v2/models/slow/infer', { sent: slowBody(1_536) });
      expect(hung.status).toBe(504);
      const known = load.total();
      await sleep(2_500);
      await expect.poll(() => load.total(), { timeout: 10_000 }).toBeGreaterThan(known + 100);
    } finally {
      await load.stop();
    }
    expect(load.failed).toEqual([]);
    const metrics = await (await fetch(`${node.url}/metrics`, { headers: { connection: 'close' } })).text();
    const ends = /^outpost_worker_ends_total\{model="slow"[^}]*reason="timeout"\} (\d+)$/mu.exec(metrics);
    expect(Number(ends?.[1])).toBe(1);
    expect(node.output().split('an HTTP worker ended').length - 1).toBe(1);
  }, 120_000);
});
