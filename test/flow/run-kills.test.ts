import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openTestStore } from '../fixtures/open-store.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';
import { outpost, plantPhotos, startOutpost } from './cli-process.ts';

type Run = {
  readonly id: string;
  readonly state: string;
  readonly counts: { readonly found: number; readonly answered: number; readonly faults: number };
};
const runsOf = async (data: string): Promise<readonly Run[]> =>
  JSON.parse((await outpost(['run', 'list', '--data', data, '--json'])).out) as Run[];

/** The command as a process group of its own, so that its workers go with it as they do with the machine. */
const started = (args: readonly string[]): Promise<ChildProcess> =>
  startOutpost(args, { stdio: ['ignore', 'pipe', 'inherit'] });

/** Resolves with what was written once there are so many lines, or at the end. */
function untilLines(child: ChildProcess, count: number): Promise<string> {
  let text = '';
  return new Promise((resolve) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.split('\n').length > count) resolve(text);
    });
    child.on('close', () => resolve(text));
  });
}

/** Where the rows lie, in the order of the list. */
async function rowsOf(data: string, run: string): Promise<readonly string[]> {
  const store = await openTestStore(data);
  const paths: string[] = [];
  for (let offset = 0; ; offset += 500) {
    const page = { run, show: 'all', unsureBelow: 0, search: '', offset, limit: 500 } as const;
    const { rows } = await store.runPage(page);
    paths.push(...rows.map(({ path: file }) => file));
    if (rows.length < 500) break;
  }
  await store.close();
  return paths;
}

const items = inLong(5_000, 120);
const kills = inLong(10, 3);

test(`a run of ${items} photos whose program is killed ${kills} times is gone on with: each photo once, in the order of the walk`, async () => {
  const folder = newFolder();
  const data = path.join(folder, 'data');
  const photos = path.join(folder, 'photos');
  const planted = plantPhotos(photos, items);
  const first = await started(['run', 'start', photos, '--data', data]);
  const head = await untilLines(first, 1 + Math.floor(items / (kills + 2)));
  process.kill(-first.pid!, 'SIGKILL');
  const { run } = JSON.parse(head.split('\n')[0]!) as { run: string };
  let answered = 0;
  for (let kill = 1; kill < kills; kill += 1) {
    const [found] = await runsOf(data);
    expect(found).toMatchObject({ id: run, state: 'interrupted' });
    expect(found!.counts.answered).toBeGreaterThanOrEqual(answered);
    ({ answered } = found!.counts);
    const again = await started(['run', 'resume', run, '--data', data]);
    await untilLines(again, 1 + Math.floor(items / (kills + 2)));
    process.kill(-again.pid!, 'SIGKILL');
  }
  expect(answered).toBeGreaterThan(0);
  const last = await outpost(['run', 'resume', run, '--data', data]);
  expect(last.code).toBe(0);
  expect(await runsOf(data)).toMatchObject([
    { id: run, state: 'done', counts: { found: items, answered: items, faults: 0 } },
  ]);
  expect(await rowsOf(data, run)).toEqual(planted);
  // Going on with what is done says so, and nothing is answered twice.
  const none = await outpost(['run', 'resume', run, '--data', data]);
  expect([none.code, none.error]).toEqual([1, expect.stringContaining('run-finished')]);
  const listed = await outpost(['run', 'again', run, '--data', data]);
  const inputs = listed.out
    .split('\n')
    .filter((line) => line.includes('"input"'))
    .map((line) => JSON.parse(line) as { input: string; cached: boolean });
  expect(inputs.map(({ input }) => input)).toEqual(planted);
  expect(inputs.every(({ cached }) => cached)).toBe(true);
}, 600_000);
