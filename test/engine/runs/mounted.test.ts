import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RunState } from '../../../contract/runs/run.ts';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { fixture, openTestEngine } from '../../fakes/engine.ts';
import { canMount, makeDrive, mountMemory } from '../../fixtures/drive.ts';
import { taken } from '../../fixtures/taken.ts';
import { newFolder } from '../../temp/folder.ts';

/** Runs over file systems that are mounted and pulled, as root alone can: elsewhere they are left out by name. */
let data: string;
let opened: OpenedEngine;
const open = (): Promise<OpenedEngine> =>
  openTestEngine({ dataFolder: data, override: { workers: 1, threads: 1, variant: 'int8' } });
beforeEach(async () => {
  data = newFolder();
  opened = await open();
});
afterEach(() => opened.close());

const rocket = readFileSync(fixture('photos/rocket.jpg'));
const count = 60;
function plant(folder: string): readonly string[] {
  mkdirSync(folder, { recursive: true });
  return Array.from({ length: count }, (_, at) => {
    const name = `IMG_${String(at).padStart(3, '0')}.JPG`;
    writeFileSync(path.join(folder, name), Buffer.concat([rocket, Buffer.from(`${folder}#${at}`)]));
    return path.join(folder, name);
  });
}
const stateOf = async (run: string): Promise<RunState> => taken(await opened.engine.runs.get(run));
const begin = async (inputs: readonly string[]): Promise<string> =>
  taken(await opened.engine.runs.start({ title: 'card', inputs })).id;
const untilAnswered = (run: string, least: number): Promise<void> =>
  expect
    .poll(async () => (await stateOf(run)).counts.answered, { timeout: 60_000, interval: 20 })
    .toBeGreaterThanOrEqual(least);
const untilKind = (run: string, kind: RunState['kind']): Promise<void> =>
  expect.poll(async () => (await stateOf(run)).kind, { timeout: 60_000, interval: 50 }).toBe(kind);
const rowsOf = async (run: string) => {
  const all = { run, show: 'all', unsureBelow: 0, search: '', offset: 0, limit: 500 } as const;
  return (await opened.engine.runs.page(all, (file) => file)).rows;
};

test.skipIf(!canMount('ext4'))(
  'a card is pulled and comes back at another place: the run goes on there by itself, each photo once',
  async () => {
    const drive = makeDrive(48);
    const [first, second] = ['a', 'b'].map((name) => path.join(newFolder('mnt'), name)) as [string, string];
    drive.plug(first);
    plant(path.join(first, 'DCIM'));
    const run = await begin([path.join(first, 'DCIM')]);
    await untilAnswered(run, 10);
    drive.pull(first);
    await untilKind(run, 'paused');
    expect(await stateOf(run)).toMatchObject({ by: 'drive', counts: { faults: 0 } });
    drive.plug(second);
    await opened.engine.runs.settled(run);
    expect(await stateOf(run)).toMatchObject({ kind: 'done', counts: { answered: count, faults: 0 } });
    expect((await rowsOf(run)).map(({ ref }) => ref)).toEqual(
      readdirSync(path.join(second, 'DCIM'))
        .sort()
        .map((name) => path.join(second, 'DCIM', name)),
    );
    drive.pull(second);
  },
  120_000,
);

test.skipIf(!canMount('ext4'))(
  'a card that is pulled is not taken for another with some of its files, nor for the empty folder where it was mounted',
  async () => {
    const [card, other] = [makeDrive(48), makeDrive(48)];
    const [place, elsewhere] = ['a', 'b'].map((name) => path.join(newFolder('mnt'), name)) as [
      string,
      string,
    ];
    card.plug(place);
    const planted = plant(path.join(place, 'DCIM'));
    other.plug(elsewhere);
    mkdirSync(path.join(elsewhere, 'DCIM'));
    for (const file of planted.slice(0, 40)) copyFileSync(file, file.replace(place, elsewhere));
    const run = await begin([place]);
    await untilAnswered(run, 10);
    card.pull(place);
    await untilKind(run, 'paused');
    const waits = async (): Promise<void> => {
      // Longer than it takes to look for the card.
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      expect(await stateOf(run)).toMatchObject({ kind: 'paused', by: 'drive', counts: { faults: 0 } });
    };
    await waits();
    // Another process, which has seen nothing of the card: the folder where it was mounted is empty.
    await opened.close();
    opened = await open();
    taken(await opened.engine.runs.resume(run));
    await waits();
    // The other card in its place, of the same size and with files of the same names.
    other.pull(elsewhere);
    other.plug(place);
    for (const file of planted.slice(0, 40)) writeFileSync(file, 'another one');
    taken(await opened.engine.runs.resume(run));
    await waits();
    card.plug(elsewhere);
    await opened.engine.runs.settled(run);
    expect(await stateOf(run)).toMatchObject({ kind: 'done', counts: { answered: count, faults: 0 } });
    other.pull(place);
    card.pull(elsewhere);
  },
  120_000,
);

test.skipIf(!canMount('ext4'))(
  'files of a list on a card that is pulled are waited for, also at another place; one that is just not there is a fault',
  async () => {
    const drive = makeDrive(48);
    const [first, second] = ['a', 'b'].map((name) => path.join(newFolder('mnt'), name)) as [string, string];
    drive.plug(first);
    const listed = [...plant(path.join(first, 'DCIM'))];
    rmSync(listed[4]!);
    listed.push(...plant(path.join(newFolder(), 'inside')).slice(0, 5));
    const run = await begin(listed);
    await untilAnswered(run, 10);
    drive.pull(first);
    await untilKind(run, 'paused');
    const paused = await stateOf(run);
    expect(paused).toMatchObject({ by: 'drive', fault: { code: 'drive-gone', params: { folder: first } } });
    expect(paused.counts.faults).toBe(1);
    // Another process finds it as it is: gone on with by hand while the card is still away, it waits again.
    await opened.close();
    opened = await open();
    taken(await opened.engine.runs.resume(run));
    await untilKind(run, 'paused');
    expect((await stateOf(run)).counts.faults).toBe(1);
    drive.plug(first);
    await untilAnswered(run, paused.counts.answered + 3);
    drive.pull(first);
    await untilKind(run, 'paused');
    drive.plug(second);
    await opened.engine.runs.settled(run);
    expect(await stateOf(run)).toMatchObject({ kind: 'done', counts: { answered: count + 4, faults: 1 } });
    const rows = await rowsOf(run);
    expect(rows.map(({ ref }) => path.basename(ref))).toEqual(listed.map((file) => path.basename(file)));
    expect(rows.filter(({ fault }) => fault).map(({ seq }) => seq)).toEqual([4]);
    expect(rows[20]?.ref).toBe(listed[20]!.replace(first, second));
    drive.pull(second);
  },
  120_000,
);

test.skipIf(!canMount('tmpfs'))(
  'the disk of the store fills up: the run waits, says so, and goes on by itself when there is room; nothing is lost',
  async () => {
    const photos = path.join(newFolder(), 'photos');
    const planted = plant(photos);
    await opened.close();
    data = path.join(newFolder('mnt'), 'small');
    mountMemory(data, 16_000);
    opened = await open();
    const run = await begin([photos]);
    await untilAnswered(run, 5);
    const filler = path.join(data, 'filler');
    for (let size = 8_000_000; size >= 4_096; size = Math.floor(size / 2))
      try {
        writeFileSync(filler, Buffer.alloc(size), { flag: 'a' });
      } catch {
        // What is left takes a smaller piece.
      }
    await untilKind(run, 'paused');
    const paused = await stateOf(run);
    expect(paused).toMatchObject({ by: 'disk-full', fault: { code: 'disk-full' } });
    expect(paused.counts.answered).toBeLessThan(count);
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect((await stateOf(run)).kind).toBe('paused');
    rmSync(filler);
    await opened.engine.runs.settled(run);
    expect(await stateOf(run)).toMatchObject({ kind: 'done', counts: { answered: count, faults: 0 } });
    expect((await rowsOf(run)).map(({ ref }) => ref)).toEqual(planted);
    await opened.close();
    opened = await open();
    expect(await stateOf(run)).toMatchObject({ kind: 'done', counts: { answered: count } });
  },
  120_000,
);
