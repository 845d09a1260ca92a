import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { newFolder } from '../temp/folder.ts';
import { commandLine, outpost, photo, plantPhotos, root } from './cli-process.ts';

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
  const child = spawn(process.execPath, [...(await commandLine()), 'watch', ...args], {
    cwd: root,
    env: { ...process.env, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let [out, error] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
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

test('what cannot be watched is said, with its exit code', async () => {
  const folder = newFolder();
  const data = path.join(folder, 'data');
  const missing = await outpost(['watch', path.join(folder, 'none'), '--data', data]);
  expect([missing.code, missing.error]).toEqual([1, expect.stringContaining('file-not-found')]);
  const file = await outpost(['watch', photo('rocket.jpg'), '--data', data]);
  expect([file.code, file.error]).toEqual([1, expect.stringContaining('not-a-folder')]);
});
