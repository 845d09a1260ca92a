import { execFileSync, spawn } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openTestStore } from '../fixtures/open-store.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';
import { commandLine, outpost, plantPhotos, root } from './cli-process.ts';

const items = inLong(5_000, 150);
const kills = inLong(50, 5);

/** Processes that this one started and that still run; none where it has ended. */
function childrenOf(pid: number): readonly number[] {
  try {
    return execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
      .split('\n')
      .map(Number)
      .filter((child) => child > 0);
  } catch {
    return [];
  }
}

test.skipIf(process.platform !== 'linux')(
  `a run of ${items} photos whose workers are killed ${kills} times has each photo once, in the order of the walk`,
  async () => {
    const folder = newFolder();
    const data = path.join(folder, 'data');
    const photos = path.join(folder, 'photos');
    const planted = plantPhotos(photos, items);
    const command = [...(await commandLine()), 'run', 'start', photos, '--data', data];
    const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
    let [lines, killed] = [0, 0];
    let run = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const text = chunk.toString();
      if (run === '') run = (JSON.parse(text.split('\n')[0]!) as { run: string }).run;
      lines += text.split('\n').length - 1;
      // Spread over the whole run; which one it is, is left to chance.
      if (killed >= kills || lines < (items / (kills + 2)) * (killed + 1)) return;
      const workers = childrenOf(child.pid!);
      const chosen = workers[Math.floor(Math.random() * workers.length)];
      if (chosen === undefined) return;
      process.kill(chosen, 'SIGKILL');
      killed += 1;
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([0, 2]).toContain(code);
    expect(killed).toBeGreaterThanOrEqual(kills - 1);
    // An item in two workers that were killed one after the other has a fault; it is answered when it is asked for again.
    if (code === 2) await outpost(['run', 'retry', run, '--data', data]);
    const status = await outpost(['run', 'status', run, '--json', '--data', data]);
    expect(JSON.parse(status.out)).toMatchObject({
      state: 'done',
      counts: { found: items, answered: items, faults: 0 },
    });
    const store = await openTestStore(data);
    const rows: string[] = [];
    for (let offset = 0; offset < items; offset += 500) {
      const page = { run, show: 'all', unsureBelow: 0, search: '', offset, limit: 500 } as const;
      rows.push(...(await store.runPage(page)).rows.map(({ path: file }) => file));
    }
    await store.close();
    expect(rows).toEqual(planted);
  },
  600_000,
);
