import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openMemoryFolder } from '../../main/engine/memory-folder.ts';
import { newFolder, openTestEngine, startStandIn } from '../fakes/engine.ts';

const isLinux = process.platform === 'linux';
const own = isLinux ? (/\d+/u.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0') : '0';

test.skipIf(!isLinux)('what a killed process left goes, what another container uses stays', async () => {
  const shared = newFolder();
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const place = (name: string, ageMs = 0): string => {
    const folder = path.join(shared, name);
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'blob'), 'x');
    const at = new Date(Date.now() - ageMs);
    utimesSync(folder, at, at);
    return folder;
  };
  const left = place(`outpost-${dead}-${own}-AAAAAA`);
  const living = place(`outpost-${process.pid}-${own}-BBBBBB`);
  // The number of a process of another container is nobody's here.
  const other = place(`outpost-${dead}-4026530000-CCCCCC`);
  const old = place(`outpost-${dead}-4026530000-DDDDDD`, 2 * 86_400_000);
  const folder = await openMemoryFolder(shared);
  expect(folder).toContain(`outpost-${process.pid}-${own}-`);
  expect([left, living, other, old].map((each) => existsSync(each))).toEqual([false, true, true, false]);
});

test.skipIf(!isLinux)('a photo that its worker never read leaves no bytes in memory', async () => {
  const opened = await openTestEngine({
    startWorker: startStandIn('never-answers'),
    sharesMemory: true,
    limits: { requestTimeoutMs: 2_000, backoffMs: 5 },
    override: { workers: 1, threads: 1 },
  });
  try {
    const folders = readdirSync('/dev/shm').filter((name) => name.startsWith(`outpost-${process.pid}-`));
    const held = (): number =>
      folders.reduce((sum, name) => sum + readdirSync(path.join('/dev/shm', name)).length, 0);
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
