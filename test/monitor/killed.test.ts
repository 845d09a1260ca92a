import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import { builtEntry } from '../fixtures/built.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { newFolder } from '../temp/folder.ts';

/** The writer's clock runs so many times as fast. */
const speed = 4;

it('a kill takes the last ten seconds at most', async () => {
  const folder = newFolder();
  const args = [await builtEntry('meter'), await builtEntry('store'), folder, `${speed}`];
  const first = await killedAfter(args, 14_000 / speed);
  const stored = await storedIn(folder);
  // 300 ms for the store's own group and the timer, which run at their usual speed.
  const latest = 10_000 + 300 * speed;
  const atLeast = first.filter(({ at }) => at < (first.at(-1)?.at ?? 0) - latest).length;
  expect(atLeast).toBeGreaterThan(30);
  expect(stored).toBeGreaterThanOrEqual(atLeast);
  expect(stored).toBeLessThanOrEqual(first.length);
}, 60_000);

/** What a writer has recorded, by its own lines, until it is killed so long after the first one. */
async function killedAfter(args: readonly string[], ms: number): Promise<{ n: number; at: number }[]> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  let timer: NodeJS.Timeout | undefined;
  child.stdout.once('data', () => (timer = setTimeout(() => child.kill('SIGKILL'), ms)));
  await new Promise<void>((resolve) => child.once('close', () => resolve()));
  clearTimeout(timer);
  return text
    .split('\n')
    .filter((line) => /^\d+ \d+$/u.test(line))
    .map((line) => line.split(' ').map(Number))
    .map(([n = 0, at = 0]) => ({ n, at }));
}

async function storedIn(folder: string): Promise<number> {
  const store = await openTestStore(folder);
  const now = Math.floor(Date.now() / 60_000) * 60;
  const { sums } = await store.series({ from: now - 600, to: now + 120, step: 60 });
  await store.close();
  return sums.reduce((all, one) => all + one.answered, 0);
}
