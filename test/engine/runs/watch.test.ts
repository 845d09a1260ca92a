import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Outcome } from '../../../contract/faults.ts';
import type { RunState } from '../../../contract/run.ts';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { fixture, openTestEngine } from '../../fakes/engine.ts';
import { canMount, makeDrive } from '../../fixtures/drive.ts';
import { newFolder } from '../../temp/folder.ts';

let data: string;
let incoming: string;
let opened: OpenedEngine;
const open = (): Promise<OpenedEngine> =>
  openTestEngine({ dataFolder: data, override: { workers: 1, threads: 1, variant: 'int8' } });
beforeEach(async () => {
  data = newFolder();
  incoming = path.join(newFolder(), 'incoming');
  mkdirSync(incoming);
  opened = await open();
});
afterEach(() => opened.close());

const rocket = readFileSync(fixture('photos/rocket.jpg'));
/** Photos that differ in bytes behind their end, as old as those of a card. */
function plant(name: string, mark = name): void {
  const file = path.join(incoming, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, Buffer.concat([rocket, Buffer.from(mark)]));
}
const taken = <T>(outcome: Outcome<T>): T => {
  if (!outcome.ok) throw new Error(`${outcome.fault.code}: ${outcome.fault.message}`);
  return outcome.value;
};
const watch = async (more: object = {}): Promise<RunState> =>
  taken(await opened.engine.runs.watch({ folder: incoming, title: '', ...more }));
const stateOf = async (run: string): Promise<RunState> => taken(await opened.engine.runs.get(run));
const countsOf = async (run: string) => {
  const { answered, faults } = (await stateOf(run)).counts;
  return { answered, faults };
};
const untilCounts = (run: string, counts: { answered: number; faults: number }): Promise<void> =>
  expect.poll(() => countsOf(run), { timeout: 40_000, interval: 50 }).toEqual(counts);
const rowsOf = async (run: string): Promise<readonly string[]> => {
  const all = { run, show: 'all', unsureBelow: 0, search: '', offset: 0, limit: 500 } as const;
  return (await opened.engine.runs.page(all, (file) => file)).rows.map(({ ref, fault }) =>
    fault ? `${path.relative(incoming, ref)}: ${fault.code}` : path.relative(incoming, ref),
  );
};

test('files are answered as they come, below the folder too; what came while it was off is answered at the start, once', async () => {
  plant('a.jpg');
  const { id } = await watch();
  await untilCounts(id, { answered: 1, faults: 0 });
  plant('new folder/B.JPG');
  plant('notes.txt');
  await untilCounts(id, { answered: 2, faults: 0 });
  expect(await stateOf(id)).toMatchObject({ kind: 'running', title: 'incoming' });
  await opened.close();

  plant('new folder/c.jpg');
  plant('d.jpg');
  opened = await open();
  expect(await stateOf(id)).toMatchObject({ kind: 'interrupted' });
  expect((await watch()).id).toBe(id);
  await untilCounts(id, { answered: 4, faults: 0 });
  // A look over all folders that finds nothing new adds nothing.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect([...(await rowsOf(id))].sort()).toEqual(['a.jpg', 'd.jpg', 'new folder/B.JPG', 'new folder/c.jpg']);
  expect(taken(await opened.engine.runs.pause(id))).toMatchObject({ kind: 'paused', by: 'person' });
  // Another version, or a run of its own, does not take over what this one did.
  const other = await watch({ isAnew: true });
  expect(other.id).not.toBe(id);
  await untilCounts(other.id, { answered: 4, faults: 0 });
  taken(await opened.engine.runs.stop(other.id));
}, 120_000);

test('a file that is being copied is waited for, and answered once it is whole', async () => {
  const { id } = await watch();
  const file = path.join(incoming, 'slow.jpg');
  const piece = Math.ceil(rocket.byteLength / 10);
  for (let at = 0; at < rocket.byteLength; at += piece) {
    appendFileSync(file, rocket.subarray(at, at + piece));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await countsOf(id)).toEqual({ answered: 0, faults: 0 });
  }
  expect((await stateOf(id)).counts.found).toBe(1);
  await untilCounts(id, { answered: 1, faults: 0 });
  expect(await rowsOf(id)).toEqual(['slow.jpg']);
}, 120_000);

test('a copy that stood still is answered again when it goes on, in its row; the same content again has no second row, other content has', async () => {
  const { id } = await watch();
  const file = path.join(incoming, 'stalled.jpg');
  writeFileSync(file, rocket.subarray(0, 4_000));
  await untilCounts(id, { answered: 0, faults: 1 });
  writeFileSync(file, rocket);
  await untilCounts(id, { answered: 1, faults: 0 });
  expect(await rowsOf(id)).toEqual(['stalled.jpg']);
  expect((await opened.engine.runs.summary(id)).faultSeqs).toEqual([]);

  utimesSync(file, new Date(), new Date(Date.now() - 5_000));
  // A name that comes makes its folder be read, and what changed in it is met as well.
  plant('next.jpg');
  await untilCounts(id, { answered: 2, faults: 0 });
  copyFileSync(fixture('photos/chelsea.png'), file);
  plant('last.jpg');
  await untilCounts(id, { answered: 4, faults: 0 });
  expect([...(await rowsOf(id))].sort()).toEqual(['last.jpg', 'next.jpg', 'stalled.jpg', 'stalled.jpg']);
}, 120_000);

test('only what comes, where that is wanted; also after a kill in between nothing of before is answered', async () => {
  plant('before.jpg');
  plant('deep/er/before too.jpg');
  const { id } = await watch({ isOnlyNew: true });
  await expect.poll(async () => (await stateOf(id)).kind).toBe('running');
  plant('after.jpg');
  await untilCounts(id, { answered: 1, faults: 0 });
  await opened.close();
  opened = await open();
  await watch();
  plant('later.jpg');
  await untilCounts(id, { answered: 2, faults: 0 });
  expect(await rowsOf(id)).toEqual(['after.jpg', 'later.jpg']);
}, 120_000);

test('what is no folder, or is not there, is refused; a folder that goes away is waited for', async () => {
  plant('a.jpg');
  const missing = await opened.engine.runs.watch({ folder: path.join(incoming, 'none'), title: '' });
  const file = await opened.engine.runs.watch({ folder: path.join(incoming, 'a.jpg'), title: '' });
  expect([missing, file].map((outcome) => outcome.ok || outcome.fault.code)).toEqual([
    'file-not-found',
    'not-a-folder',
  ]);
  const { id } = await watch();
  await untilCounts(id, { answered: 1, faults: 0 });
  renameSync(incoming, `${incoming} away`);
  await expect.poll(async () => (await stateOf(id)).kind, { timeout: 20_000 }).toBe('paused');
  expect(await stateOf(id)).toMatchObject({ by: 'drive', fault: { code: 'drive-gone' } });
  renameSync(`${incoming} away`, incoming);
  plant('b.jpg');
  await untilCounts(id, { answered: 2, faults: 0 });
  // One that is gone at the start of the program is waited for as well.
  await opened.close();
  renameSync(incoming, `${incoming} away`);
  opened = await open();
  await watch();
  await expect.poll(async () => (await stateOf(id)).kind, { timeout: 20_000 }).toBe('paused');
  renameSync(`${incoming} away`, incoming);
  plant('c.jpg');
  await untilCounts(id, { answered: 3, faults: 0 });
}, 120_000);

test.skipIf(!canMount('ext4'))(
  'a drive that is pulled while its folder is watched is known at another place, and the empty folder it leaves is not taken for it',
  async () => {
    const drive = makeDrive(32);
    const [first, second] = ['first', 'second'].map((name) => path.join(newFolder('mnt'), name));
    drive.plug(first!);
    incoming = path.join(first!, 'in coming');
    mkdirSync(incoming);
    plant('a.jpg');
    const { id } = await watch();
    await untilCounts(id, { answered: 1, faults: 0 });
    // Answered files are often moved on: nothing on the drive tells it from others but what it was formatted with.
    rmSync(path.join(incoming, 'a.jpg'));
    drive.pull(first!);
    mkdirSync(incoming, { recursive: true });
    plant('not from the drive.jpg');
    await expect.poll(async () => (await stateOf(id)).kind, { timeout: 20_000 }).toBe('paused');
    drive.plug(second!);
    incoming = path.join(second!, 'in coming');
    plant('b.jpg');
    await untilCounts(id, { answered: 2, faults: 0 });
    expect((await rowsOf(id)).map((row) => path.basename(row))).toEqual(['a.jpg', 'b.jpg']);
    taken(await opened.engine.runs.pause(id));
    await opened.close();
    drive.pull(second!);
    opened = await open();
  },
  120_000,
);
