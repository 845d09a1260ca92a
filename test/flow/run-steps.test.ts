import type { ChildProcess } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import Sqlite from 'better-sqlite3';
import { expect, test } from 'vitest';
import { newFolder } from '../temp/folder.ts';
import { outpost, plantPhotos, startOutpost } from './cli-process.ts';

type Row = {
  readonly name: string;
  readonly state: string;
  readonly items: number;
  readonly paused_by: string | null;
  readonly retry_seq: number | null;
  readonly wanted: string | null;
};

const started = (args: readonly string[]): Promise<ChildProcess> =>
  startOutpost(args, { stdio: ['ignore', 'ignore', 'ignore'] });

function rowOf(data: string): Row | undefined {
  try {
    const db = new Sqlite(path.join(data, 'outpost.db'), { readonly: true });
    const row = db.prepare('SELECT name, state, items, paused_by, retry_seq, wanted FROM runs').get() as
      Row | undefined;
    db.close();
    return row;
  } catch {
    return undefined;
  }
}

/** Kills the command and all below it as soon as the store says that the run is there; says how it stood then. */
async function killAt(data: string, child: ChildProcess, isThere: (row: Row) => boolean): Promise<Row> {
  const ended = new Promise((resolve) => child.on('close', resolve));
  await expect
    .poll(
      () => {
        const row = rowOf(data);
        return row !== undefined && isThere(row);
      },
      { timeout: 60_000, interval: 2 },
    )
    .toBe(true);
  process.kill(-child.pid!, 'SIGKILL');
  await ended;
  return rowOf(data)!;
}

const photos = 300;
const broken = 3;

test('a run whose program is killed at each of its steps has each photo once, in the order of the walk', async () => {
  const folder = newFolder();
  const data = path.join(folder, 'data');
  const card = path.join(folder, 'card');
  const planted = [...plantPhotos(card, photos)];
  for (let at = 0; at < broken; at += 1) {
    planted.push(path.join(card, `zz ${at}.jpg`));
    writeFileSync(planted.at(-1)!, 'no picture');
  }
  mkdirSync(path.join(card, 'zz'));
  const killed: string[] = [];
  const kill = async (
    step: string,
    args: readonly string[],
    isThere: (row: Row) => boolean,
  ): Promise<Row> => {
    const row = await killAt(data, await started([...args, '--data', data]), isThere);
    killed.push(`${step}: ${row.state}, ${row.items} items`);
    return row;
  };
  const idle = async (): Promise<string> =>
    (JSON.parse((await outpost(['run', 'list', '--json', '--data', data])).out) as { state: string }[])[0]
      ?.state ?? '';

  /** Somebody works on it again. */
  const untilMore = async (): Promise<void> => {
    const before = rowOf(data)?.items ?? 0;
    await expect.poll(() => rowOf(data)?.items, { timeout: 60_000, interval: 2 }).toBeGreaterThan(before);
  };

  const { name } = await kill('looks for files', ['run', 'start', card], ({ state }) => state === 'scanning');
  expect(await idle()).toBe('interrupted');
  await kill(
    'looks for them again',
    ['run', 'resume', name],
    ({ state, items }) => state === 'scanning' && items === 0,
  );
  await kill('writes its first items', ['run', 'resume', name], ({ items }) => items > 0);
  await kill('answers', ['run', 'resume', name], ({ items }) => items > 20);
  expect(await idle()).toBe('interrupted');

  // A drive that is away: the process waits, and is killed while it does.
  const resumed = await started(['run', 'resume', name, '--data', data]);
  await untilMore();
  renameSync(card, `${card} away`);
  await killAt(data, resumed, ({ state, paused_by: by }) => state === 'paused' && by === 'drive');
  killed.push('waits for its drive');
  renameSync(`${card} away`, card);
  expect(await idle()).toBe('interrupted');

  // Paused and stopped from elsewhere, killed before it does so.
  for (const act of ['pause', 'stop'] as const) {
    const child = await started(['run', 'resume', name, '--data', data]);
    await untilMore();
    const commanded = outpost(['run', act, name, '--data', data]);
    const row = await killAt(
      data,
      child,
      ({ wanted, state }) =>
        wanted === act || state === 'paused' || state === 'stopping' || state === 'stopped',
    );
    killed.push(`is told to ${act}: ${row.state}, ${row.items} items`);
    await commanded;
    expect(['interrupted', 'paused', 'stopped']).toContain(await idle());
  }

  const last = await outpost(['run', 'resume', name, '--data', data]);
  expect(last.code).toBe(2);
  await kill('answers failed ones again', ['run', 'retry', name], ({ retry_seq: seq }) => seq !== null);
  expect(await idle()).toBe('interrupted');
  expect((await outpost(['run', 'resume', name, '--data', data])).code).toBe(2);

  const status = JSON.parse((await outpost(['run', 'status', name, '--json', '--data', data])).out) as object;
  expect(status).toMatchObject({
    state: 'done',
    counts: { found: photos + broken, answered: photos, faults: broken },
  });
  const db = new Sqlite(path.join(data, 'outpost.db'), { readonly: true });
  const rows = db.prepare('SELECT path FROM run_items ORDER BY seq').all() as { path: string }[];
  db.close();
  expect(rows.map(({ path: below }) => path.basename(below))).toEqual(
    planted.map((file) => path.basename(file)),
  );
  console.log(killed.join('\n'));
}, 240_000);
