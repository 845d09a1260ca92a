import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';
import { outpost, photo, plantPhotos, startOutpost } from './cli-process.ts';

const photos = inLong(600, 80);
const kills = inLong(20, 3);

type Line = {
  readonly run?: string;
  readonly state?: string;
  readonly input?: string;
  readonly fault?: { readonly code: string };
  readonly counts?: { readonly answered: number };
};
type Watching = {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  lines(): readonly Line[];
  error(): string;
};

async function watching(...args: readonly string[]): Promise<Watching> {
  const child = await startOutpost(['watch', ...args]);
  let [out, error] = ['', ''];
  child.stdout?.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (error += chunk.toString()));
  return {
    child,
    ended: new Promise((resolve) => child.on('close', resolve)),
    lines: () =>
      out
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as Line),
    error: () => error,
  };
}
const inputs = ({ lines }: Watching): readonly string[] =>
  lines().flatMap(({ input }) => (input === undefined ? [] : [path.basename(input)]));
const until = (watch: Watching, names: readonly string[]): Promise<void> =>
  expect.poll(() => [...inputs(watch)].sort(), { timeout: 60_000, interval: 50 }).toEqual(names);

test('a folder is watched over a kill, a pause from elsewhere and Ctrl-C; each file is written once as JSON Lines', async () => {
  const folder = newFolder();
  const data = path.join(folder, 'data');
  const incoming = path.join(folder, 'incoming');
  plantPhotos(incoming, 2);
  const first = await watching(incoming, '--data', data);
  await until(first, ['photo-0000.jpg', 'photo-0001.jpg']);
  const { run } = first.lines()[0]!;
  writeFileSync(path.join(incoming, 'half.jpg'), readFileSync(photo('rocket.jpg')).subarray(0, 3_000));
  await until(first, ['half.jpg', 'photo-0000.jpg', 'photo-0001.jpg']);
  expect(first.lines().at(-1)).toMatchObject({ fault: { code: 'image-unreadable' } });
  // The rest of it comes later: the file is told once more, and its row is the same one.
  writeFileSync(path.join(incoming, 'half.jpg'), readFileSync(photo('rocket.jpg')));
  await until(first, ['half.jpg', 'half.jpg', 'photo-0000.jpg', 'photo-0001.jpg']);
  // In the moment between the two it would be printed once more.
  await expect.poll(() => countsIn(data)).toEqual({ stored: 3, printed: 3, owed: 0 });
  process.kill(-first.child.pid!, 'SIGKILL');
  await first.ended;

  mkdirSync(path.join(incoming, 'later'));
  plantPhotos(path.join(incoming, 'later'), 3, 'camera.png');
  const second = await watching(incoming, '--data', data);
  await until(second, ['photo-0000.jpg', 'photo-0001.jpg', 'photo-0002.jpg']);
  expect(second.lines()[0]).toMatchObject({ run });
  const paused = await outpost(['run', 'pause', run!, '--data', data, '--json']);
  expect(JSON.parse(paused.out)).toMatchObject({ state: 'paused', counts: { answered: 6, faults: 0 } });
  expect(await second.ended).toBe(0);

  const third = await watching(incoming, '--data', data);
  await expect.poll(() => third.lines().length, { timeout: 30_000 }).toBe(1);
  process.kill(third.child.pid!, 'SIGINT');
  expect(await third.ended).toBe(0);
  expect(third.lines().at(-1)).toMatchObject({ run, state: 'paused', counts: { answered: 6 } });
  expect(third.error()).toContain('paused, 6 of 6');
}, 240_000);

type Counts = { readonly stored: number; readonly printed: number; readonly owed: number };

/** How many items of its only run a store holds, how many of them it knows as printed, and how many changed ones it does not. */
function countsIn(data: string): Counts {
  const db = new Sqlite(path.join(data, 'outpost.db'), { readonly: true });
  const columns = 'items AS stored, coalesce(printed_items, 0) AS printed, changes - printed_changes AS owed';
  const row = db.prepare(`SELECT ${columns} FROM runs`).get() as Counts;
  db.close();
  return row;
}

test('what was stored and not printed when the program was killed is printed by the next one, each file once', async () => {
  const folder = newFolder();
  const data = path.join(folder, 'data');
  const incoming = path.join(folder, 'incoming');
  const files = plantPhotos(incoming, photos).map((file) => path.basename(file));
  const printed: string[] = [];
  let owed = 0;
  for (let kill = 1; kill <= kills; kill += 1) {
    const watch = await watching(incoming, '--data', data);
    // Killed while the store is ahead of what came out.
    const isAhead = (): boolean => {
      if (inputs(watch).length < photos / (kills + 2)) return false;
      const { stored, printed: known } = countsIn(data);
      return stored > known && known === printed.length + inputs(watch).length;
    };
    await expect.poll(isAhead, { timeout: 60_000, interval: 5 }).toBe(true);
    process.kill(-watch.child.pid!, 'SIGKILL');
    await watch.ended;
    const { stored } = countsIn(data);
    printed.push(...inputs(watch));
    owed += stored - printed.length;
  }
  expect(owed).toBeGreaterThan(0);
  const last = await watching(incoming, '--data', data);
  await expect
    .poll(() => new Set([...printed, ...inputs(last)]).size, { timeout: 60_000, interval: 50 })
    .toBe(photos);
  process.kill(last.child.pid!, 'SIGINT');
  expect(await last.ended).toBe(0);
  printed.push(...inputs(last));
  console.log(
    `${kills} kills, ${owed} lines that were stored and not printed, ${printed.length - photos} printed twice`,
  );
  expect([...new Set(printed)].sort()).toEqual(files);
  // As many may come twice as are written at once, where the kill fell between writing and storing that.
  expect(printed.length - photos).toBeLessThanOrEqual(kills * 20);

  const none = await watching(incoming, '--data', data);
  await expect.poll(() => none.lines().length, { timeout: 30_000 }).toBe(1);
  process.kill(none.child.pid!, 'SIGINT');
  expect(await none.ended).toBe(0);
  expect(inputs(none)).toEqual([]);
}, 240_000);

test('what cannot be watched is said, with its exit code', async () => {
  const folder = newFolder();
  const data = path.join(folder, 'data');
  const missing = await outpost(['watch', path.join(folder, 'none'), '--data', data]);
  expect([missing.code, missing.error]).toEqual([1, expect.stringContaining('file-not-found')]);
  const file = await outpost(['watch', photo('rocket.jpg'), '--data', data]);
  expect([file.code, file.error]).toEqual([1, expect.stringContaining('not-a-folder')]);
});
