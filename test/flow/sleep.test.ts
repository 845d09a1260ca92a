import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { newFolder } from '../temp/folder.ts';
import { commandLine, outpost, plantPhotos, root } from './cli-process.ts';

/** Longer than any clock that ran out in it, and as short as a lid that is closed and opened again. */
const sleepMs = 10_000;
const items = 200;

/** The process and all below it. */
function treeOf(pid: number): readonly number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/u).map(Number));
  const below = (parent: number): readonly number[] =>
    rows.flatMap(([child = 0, above]) => (above === parent ? [child, ...below(child)] : []));
  return [pid, ...below(pid)];
}

// Stopped, the clocks of the processes go on, as they do in the sleep of Windows and macOS.
test.skipIf(process.platform === 'win32')(
  'the computer sleeps in mid-run: what was under way is answered, no worker is killed, and the time is not counted',
  async () => {
    const folder = newFolder();
    const data = path.join(folder, 'data');
    const photos = path.join(folder, 'photos');
    plantPhotos(photos, items);
    await outpost(['settings', 'set', 'requestTimeoutS', '3', '--data', data]);
    const command = [...(await commandLine()), 'run', 'start', photos, '--data', data];
    const begun = performance.now();
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let [out, error] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
    const closed = new Promise((resolve) => child.on('close', resolve));
    await expect.poll(() => out.split('\n').length, { timeout: 60_000 }).toBeGreaterThan(20);

    const tree = treeOf(child.pid!);
    for (const pid of tree) process.kill(pid, 'SIGSTOP');
    const atStop = out.split('\n').length;
    await wait(sleepMs);
    // The program first: all of its clocks have run out, and no worker has had the time to answer.
    for (const pid of tree) process.kill(pid, 'SIGCONT');
    await expect.poll(() => out.split('\n').length, { timeout: 60_000 }).toBeGreaterThan(atStop + 20);
    const treeAwake = treeOf(child.pid!);

    expect(await closed).toBe(0);
    const wallMs = performance.now() - begun;
    expect(atStop).toBeLessThan(items - 30);
    expect(tree.length).toBeGreaterThan(1);
    expect(treeAwake).toEqual(expect.arrayContaining([...tree]));
    expect(error).toContain(`done, ${items} of ${items}`);
    const last = JSON.parse(out.trim().split('\n').at(-1)!) as { elapsedMs: number; counts: object };
    expect(last.counts).toMatchObject({ found: items, answered: items, faults: 0 });
    expect(last.elapsedMs).toBeLessThan(wallMs - sleepMs + 1_000);
  },
  180_000,
);
