import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openMemoryFolder } from '../../../main/engine/workers/memory-folder.ts';
import { openTestEngine, startStandIn } from '../../fakes/engine.ts';
import { startContender } from '../../fixtures/lock-process.ts';
import { newFolder } from '../../temp/folder.ts';

const isLinux = process.platform === 'linux';

test.skipIf(!isLinux)('what a killed process left goes, what a living one uses stays', async () => {
  const shared = newFolder();
  const places = ['left', 'living'].map((name) => path.join(shared, `outpost-${name}`));
  const holders = [];
  for (const folder of places) {
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'blob'), 'x');
    const holder = await startContender({ kind: 'hold', file: path.join(folder, '.in-use') });
    await once(holder.stdout!, 'data');
    holders.push(holder);
  }
  const [left, living] = holders;
  left!.kill('SIGKILL');
  await once(left!, 'exit');
  const folder = await openMemoryFolder(shared);
  expect(folder?.path).toContain(`outpost-${process.pid}-`);
  expect(places.map((each) => existsSync(each))).toEqual([false, true]);
  await folder?.close();
  living!.kill('SIGKILL');
});

/** Without what says that the folder is in use. */
const blobsIn = (name: string): string[] =>
  readdirSync(path.join('/dev/shm', name)).filter((each) => !each.startsWith('.'));

test.skipIf(!isLinux)('a photo that its worker never read leaves no bytes in memory', async () => {
  const opened = await openTestEngine({
    startWorker: startStandIn('never-answers'),
    sharesMemory: true,
    limits: { requestTimeoutMs: 2_000, backoffMs: 5 },
    override: { workers: 1, threads: 1 },
  });
  try {
    const folders = readdirSync('/dev/shm').filter((name) => name.startsWith(`outpost-${process.pid}-`));
    const held = (): number => folders.reduce((sum, name) => sum + blobsIn(name).length, 0);
    const asking = [1, 2].map((first) =>
      opened.engine.predict({
        source: { bytes: new Uint8Array(300_000).fill(first) },
        name: `${first}`,
        useCache: false,
      }),
    );
    await expect.poll(held, { timeout: 10_000 }).toBe(2);
    const codes = (await Promise.all(asking)).map((outcome) => outcome.ok || outcome.fault.code);
    expect(codes).toEqual(['worker-timeout', 'worker-timeout']);
    await expect.poll(held).toBe(0);
  } finally {
    await opened.close({ graceMs: 100 });
  }
});
