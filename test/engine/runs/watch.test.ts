import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect as anywhere, test as base, vi } from 'vitest';
import type { RunState } from '../../../contract/runs/run.ts';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { fixture, openTestEngine } from '../../fakes/engine.ts';
import { canMount, makeDrive } from '../../fixtures/drive.ts';
import { taken } from '../../fixtures/taken.ts';
import { newFolder } from '../../temp/folder.ts';

const rocket = readFileSync(fixture('photos/rocket.jpg'));

/** A folder that is watched, and the program that does it. */
class Bench {
  readonly data = newFolder();
  incoming = path.join(newFolder(), 'incoming');
  opened!: OpenedEngine;
  constructor() {
    mkdirSync(this.incoming);
  }
  async open(): Promise<void> {
    const override = { workers: 1, threads: 1, variant: 'int8' } as const;
    this.opened = await openTestEngine({ dataFolder: this.data, override });
  }
  /** Photos that differ in bytes behind their end, as old as those of a card. */
  plant(name: string, mark = name): void {
    const file = path.join(this.incoming, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, Buffer.concat([rocket, Buffer.from(mark)]));
  }
  async watch(more: object = {}): Promise<RunState> {
    return taken(await this.opened.engine.runs.watch({ folder: this.incoming, title: '', ...more }));
  }
  async stateOf(run: string): Promise<RunState> {
    return taken(await this.opened.engine.runs.get(run));
  }
  async countsOf(run: string): Promise<{ answered: number; faults: number }> {
    const { answered, faults } = (await this.stateOf(run)).counts;
    return { answered, faults };
  }
  /** What changes without a new name may wait for the next look over all folders, which comes each minute. */
  untilCounts(run: string, counts: { answered: number; faults: number }): Promise<void> {
    const isSo = async (): Promise<void> => anywhere(await this.countsOf(run)).toEqual(counts);
    return vi.waitFor(isSo, { timeout: 90_000, interval: 50 });
  }
  async rowsOf(run: string): Promise<readonly string[]> {
    const all = { run, show: 'all', unsureBelow: 0, search: '', offset: 0, limit: 500 } as const;
    return (await this.opened.engine.runs.page(all, (file) => file)).rows.map(({ ref, fault }) =>
      fault ? `${path.relative(this.incoming, ref)}: ${fault.code}` : path.relative(this.incoming, ref),
    );
  }
}

const test = base.extend<{ bench: Bench }>({
  bench: async ({}, use) => {
    const bench = new Bench();
    await bench.open();
    await use(bench);
    await bench.opened.close();
  },
});

// By itself: the copy is not to stand still because this process has others to do.
test('a file that is being copied is waited for, and answered once it is whole', async ({
  bench,
  expect,
}) => {
  const { id } = await bench.watch();
  const file = path.join(bench.incoming, 'slow.jpg');
  const piece = Math.ceil(rocket.byteLength / 10);
  for (let at = 0; at < rocket.byteLength; at += piece) {
    appendFileSync(file, rocket.subarray(at, at + piece));
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(await bench.countsOf(id)).toEqual({ answered: 0, faults: 0 });
  }
  expect((await bench.stateOf(id)).counts.found).toBe(1);
  await bench.untilCounts(id, { answered: 1, faults: 0 });
  expect(await bench.rowsOf(id)).toEqual(['slow.jpg']);
}, 240_000);

/* Most of their time goes by until a file counts as whole, and until a drive is looked for: they wait together. */
describe.concurrent('several at once', () => {
  test('files are answered as they come, below the folder too; what came while it was off is answered at the start, once', async ({
    bench,
    expect,
  }) => {
    bench.plant('a.jpg');
    const { id } = await bench.watch();
    await bench.untilCounts(id, { answered: 1, faults: 0 });
    bench.plant('new folder/B.JPG');
    bench.plant('notes.txt');
    await bench.untilCounts(id, { answered: 2, faults: 0 });
    expect(await bench.stateOf(id)).toMatchObject({ kind: 'running', title: 'incoming' });
    await bench.opened.close();

    bench.plant('new folder/c.jpg');
    bench.plant('d.jpg');
    await bench.open();
    expect(await bench.stateOf(id)).toMatchObject({ kind: 'interrupted' });
    expect((await bench.watch()).id).toBe(id);
    await bench.untilCounts(id, { answered: 4, faults: 0 });
    // A look over all folders that finds nothing new adds nothing.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect([...(await bench.rowsOf(id))].sort()).toEqual([
      'a.jpg',
      'd.jpg',
      'new folder/B.JPG',
      'new folder/c.jpg',
    ]);
    expect(taken(await bench.opened.engine.runs.pause(id))).toMatchObject({ kind: 'paused', by: 'person' });
    // Another version, or a run of its own, does not take over what this one did.
    const other = await bench.watch({ isAnew: true });
    expect(other.id).not.toBe(id);
    await bench.untilCounts(other.id, { answered: 4, faults: 0 });
    taken(await bench.opened.engine.runs.stop(other.id));
  }, 240_000);

  test('a copy that stood still is answered again when it goes on, in its row; the same content again has no second row, other content has', async ({
    bench,
    expect,
  }) => {
    const { id } = await bench.watch();
    const file = path.join(bench.incoming, 'stalled.jpg');
    writeFileSync(file, rocket.subarray(0, 4_000));
    await bench.untilCounts(id, { answered: 0, faults: 1 });
    writeFileSync(file, rocket);
    await bench.untilCounts(id, { answered: 1, faults: 0 });
    expect(await bench.rowsOf(id)).toEqual(['stalled.jpg']);
    expect((await bench.opened.engine.runs.summary(id)).faultSeqs).toEqual([]);

    utimesSync(file, new Date(), new Date(Date.now() - 5_000));
    // A name that comes makes its folder be read, and what changed in it is met as well.
    bench.plant('next.jpg');
    await bench.untilCounts(id, { answered: 2, faults: 0 });
    copyFileSync(fixture('photos/chelsea.png'), file);
    bench.plant('last.jpg');
    await bench.untilCounts(id, { answered: 4, faults: 0 });
    expect([...(await bench.rowsOf(id))].sort()).toEqual([
      'last.jpg',
      'next.jpg',
      'stalled.jpg',
      'stalled.jpg',
    ]);
  }, 240_000);

  test('the item of a file that is renamed or moved follows it, also while it is off; a copy of one that is still there is an item of its own', async ({
    bench,
    expect,
  }) => {
    for (const name of ['a.jpg', 'b.jpg']) bench.plant(name);
    const { id } = await bench.watch();
    await bench.untilCounts(id, { answered: 2, faults: 0 });
    const at = (name: string): string => path.join(bench.incoming, name);
    const move = (from: string, to: string): void => {
      mkdirSync(path.dirname(at(to)), { recursive: true });
      renameSync(at(from), at(to));
    };
    const found = async (search: string): Promise<number> => {
      const query = { run: id, show: 'all', unsureBelow: 0, search, offset: 0, limit: 1 } as const;
      return (await bench.opened.engine.runs.page(query, (file) => file)).total;
    };
    expect([await found('a.jpg'), await found('ridge')]).toEqual([1, 0]);
    const before = await bench.rowsOf(id);
    const afterMove = (from: string, to: string, rows: readonly string[]): string[] =>
      rows.map((row) => (row === from ? path.normalize(to) : row));

    move('a.jpg', 'ridge/wolf.jpg');
    const moved = afterMove('a.jpg', 'ridge/wolf.jpg', before);
    await expect.poll(() => bench.rowsOf(id), { timeout: 90_000 }).toEqual(moved);
    expect(await bench.countsOf(id)).toEqual({ answered: 2, faults: 0 });
    expect([await found('a.jpg'), await found('ridge')]).toEqual([0, 1]);
    const { sites } = taken(await bench.opened.engine.runs.facets(id));
    expect(sites.map(({ site, count }) => [site, count])).toContainEqual(['ridge', 1]);
    await bench.opened.close();

    move('b.jpg', 'c.jpg');
    copyFileSync(at('ridge/wolf.jpg'), at('copy.jpg'));
    const { atime, mtime } = statSync(at('ridge/wolf.jpg'));
    utimesSync(at('copy.jpg'), atime, mtime);
    await bench.open();
    await bench.watch();
    await bench.untilCounts(id, { answered: 3, faults: 0 });
    expect(await bench.rowsOf(id)).toEqual([...afterMove('b.jpg', 'c.jpg', moved), 'copy.jpg']);
  }, 240_000);

  test('only what comes, where that is wanted; also after a kill in between nothing of before is answered', async ({
    bench,
    expect,
  }) => {
    bench.plant('before.jpg');
    bench.plant('deep/er/before too.jpg');
    const { id } = await bench.watch({ isOnlyNew: true });
    await expect.poll(async () => (await bench.stateOf(id)).kind).toBe('running');
    bench.plant('after.jpg');
    await bench.untilCounts(id, { answered: 1, faults: 0 });
    await bench.opened.close();
    await bench.open();
    await bench.watch();
    bench.plant('later.jpg');
    await bench.untilCounts(id, { answered: 2, faults: 0 });
    expect(await bench.rowsOf(id)).toEqual(['after.jpg', 'later.jpg']);
  }, 240_000);

  test('what is no folder, or is not there, is refused; a folder that goes away is waited for', async ({
    bench,
    expect,
  }) => {
    bench.plant('a.jpg');
    const missing = await bench.opened.engine.runs.watch({
      folder: path.join(bench.incoming, 'none'),
      title: '',
    });
    const file = await bench.opened.engine.runs.watch({
      folder: path.join(bench.incoming, 'a.jpg'),
      title: '',
    });
    expect([missing, file].map((outcome) => outcome.ok || outcome.fault.code)).toEqual([
      'file-not-found',
      'not-a-folder',
    ]);
    const { id } = await bench.watch();
    await bench.untilCounts(id, { answered: 1, faults: 0 });
    renameSync(bench.incoming, `${bench.incoming} away`);
    await expect.poll(async () => (await bench.stateOf(id)).kind, { timeout: 20_000 }).toBe('paused');
    expect(await bench.stateOf(id)).toMatchObject({ by: 'drive', fault: { code: 'drive-gone' } });
    renameSync(`${bench.incoming} away`, bench.incoming);
    bench.plant('b.jpg');
    await bench.untilCounts(id, { answered: 2, faults: 0 });
    // One that is gone at the start of the program is waited for as well.
    await bench.opened.close();
    renameSync(bench.incoming, `${bench.incoming} away`);
    await bench.open();
    await bench.watch();
    await expect.poll(async () => (await bench.stateOf(id)).kind, { timeout: 20_000 }).toBe('paused');
    renameSync(`${bench.incoming} away`, bench.incoming);
    bench.plant('c.jpg');
    await bench.untilCounts(id, { answered: 3, faults: 0 });
  }, 240_000);

  test.skipIf(!canMount('ext4'))(
    'a drive that is pulled while its folder is watched is known at another place, and the empty folder it leaves is not taken for it',
    async ({ bench, expect }) => {
      const drive = makeDrive(32);
      const [first, second] = ['first', 'second'].map((name) => path.join(newFolder('mnt'), name));
      drive.plug(first!);
      bench.incoming = path.join(first!, 'in coming');
      mkdirSync(bench.incoming);
      bench.plant('a.jpg');
      const { id } = await bench.watch();
      await bench.untilCounts(id, { answered: 1, faults: 0 });
      // Answered files are often moved on: nothing on the drive tells it from others but what it was formatted with.
      rmSync(path.join(bench.incoming, 'a.jpg'));
      drive.pull(first!);
      mkdirSync(bench.incoming, { recursive: true });
      bench.plant('not from the drive.jpg');
      await expect.poll(async () => (await bench.stateOf(id)).kind, { timeout: 20_000 }).toBe('paused');
      drive.plug(second!);
      bench.incoming = path.join(second!, 'in coming');
      bench.plant('b.jpg');
      await bench.untilCounts(id, { answered: 2, faults: 0 });
      expect((await bench.rowsOf(id)).map((row) => path.basename(row))).toEqual(['a.jpg', 'b.jpg']);
      taken(await bench.opened.engine.runs.pause(id));
      await bench.opened.close();
      drive.pull(second!);
      await bench.open();
    },
    240_000,
  );
});
