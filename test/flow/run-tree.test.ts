import { linkSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { OpenedEngine } from '../../main/composition/index.ts';
import { fixture, openTestEngine } from '../fakes/engine.ts';
import { nameOf } from '../../main/lib/file-names.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';

const files = inLong(250_000, 4_000);
const perFolder = 500;
const sources = 8;
const longestName = 255;

const rssMiB = (): number => process.memoryUsage().rss / 1024 ** 2;

let opened: OpenedEngine;
afterEach(() => opened.close());

const endings = ['.JPG', '.jpg', '.Jpeg', '.JPE'];
const odd = [
  Buffer.from('IMG'),
  ...['été', 'e\u0301te\u0301', '日本 ', 'a"b', "it's", 'line\nend', '%41', '-rf', 'C:\\a'].map((name) =>
    Buffer.from(name),
  ),
  // A family of code points joined into one picture; letters from right to left, and a mark that turns the ending around.
  ...['🦌👨\u200D👩\u200D👧', 'גמל\u202Egpj.'].map((name) => Buffer.from(name)),
  ...(process.platform === 'linux' ? [Buffer.from([0x66, 0xff, 0xfe, 0xe9])] : []),
];

/** Where a file of the season lies; a name of bytes, since some are no UTF-8. One in fifty is as long as file systems take. */
function placeOf(season: string, at: number): { readonly folder: string; readonly file: Buffer } {
  const card = Math.floor(at / perFolder);
  const folder = path.join(season, `site ${Math.floor(card / 10)}`, `10${card}RECNX`);
  const begin = odd[Math.floor(at / 50) % odd.length]!;
  const end = Buffer.from(`_${String(at).padStart(6, '0')}${endings[at % 4]}`);
  const fill = Buffer.alloc(at % 50 === 3 ? longestName - begin.length - end.length : 0, 'x');
  return { folder, file: Buffer.concat([Buffer.from(`${folder}${path.sep}`), begin, fill, end]) };
}

/**
 * A season of cards: folders of five hundred, one file of a hundred damaged in one of four ways, endings in every case, odd
 * names, and links that lead in circles. Most are names of eight photos: a quarter of a million copies would measure the disk.
 */
function plantSeason(season: string): {
  readonly photos: number;
  readonly bad: number;
  readonly loops: number;
} {
  const apart = newFolder('sources');
  const bytes = readFileSync(fixture('photos/rocket.jpg'));
  const bad = ['', 'no photo at all', bytes.subarray(0, 3_000), Buffer.alloc(2_000)];
  const originals = Array.from({ length: sources }, (_, at) => {
    const file = path.join(apart, `${at}`);
    writeFileSync(file, Buffer.concat([bytes, Buffer.from(`#${at}`)]));
    return file;
  });
  let [badOnes, loops] = [0, 0];
  for (let at = 0; at < files; at += 1) {
    const { folder, file } = placeOf(season, at);
    if (at % perFolder === 0) {
      mkdirSync(folder, { recursive: true });
      if (at % (perFolder * 50) === 0) {
        symlinkSync(season, path.join(folder, 'zz loop'));
        loops += 1;
      }
    }
    if (at % 100 === 7) {
      writeFileSync(file, bad[Math.floor(at / 100) % bad.length]!);
      badOnes += 1;
    } else linkSync(originals[at % sources]!, file);
  }
  return { photos: files - badOnes, bad: badOnes, loops };
}

test(`${files} files, one in a hundred damaged, with circles, and gone in the middle: each has its row, and memory stays flat`, async () => {
  const season = path.join(newFolder('season'), 'season');
  const planted = plantSeason(season);
  const total = planted.photos + planted.bad + planted.loops;
  opened = await openTestEngine({ override: { workers: 2, threads: 1, variant: 'int8' } });
  const { runs } = opened.engine;
  const idle = rssMiB();
  const started = await runs.start({ title: 'season', inputs: [season] });
  if (!started.ok) throw new Error(started.fault.message);
  const { id } = started.value;
  const begun = performance.now();
  const stateNow = async () => {
    const state = await runs.get(id);
    if (!state.ok) throw new Error(state.fault.message);
    return state.value;
  };
  const samples: { readonly share: number; readonly rss: number }[] = [];
  let wasAway = false;
  for (;;) {
    const state = await stateNow();
    const done = state.counts.answered + state.counts.faults;
    samples.push({ share: done / total, rss: rssMiB() });
    if (!wasAway && done > total / 2) {
      renameSync(season, `${season} away`);
      await expect.poll(async () => (await stateNow()).kind, { timeout: 30_000 }).toBe('paused');
      expect((await stateNow()).counts.faults).toBeLessThanOrEqual(planted.bad + planted.loops);
      renameSync(`${season} away`, season);
      wasAway = true;
    }
    if (state.kind === 'done') break;
    expect(['scanning', 'running', 'paused']).toContain(state.kind);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const seconds = (performance.now() - begun) / 1000;
  expect(wasAway).toBe(true);
  expect((await stateNow()).counts).toMatchObject({
    found: total,
    answered: planted.photos,
    faults: planted.bad + planted.loops,
    scanned: true,
  });
  const names = new Set<string>();
  for (let offset = 0; offset < total; offset += 500) {
    const page = { run: id, show: 'all', unsureBelow: 0, search: '', offset, limit: 500 } as const;
    for (const { ref } of (await runs.page(page, (file) => file)).rows) names.add(ref);
  }
  expect(names.size).toBe(total);
  // Byte for byte as they lie on the disk.
  for (let at = 0; at < files; at += 1) names.delete(nameOf(placeOf(season, at).file));
  expect(names.size).toBe(planted.loops);
  const most = (from: number, to: number): number =>
    Math.max(...samples.filter(({ share }) => share >= from && share <= to).map(({ rss }) => rss));
  const [early, late] = [most(0, 0.3), most(0.7, 1)];
  console.log(
    `${total} files in ${seconds.toFixed(0)} s (${(total / seconds).toFixed(0)}/s), this process ${idle.toFixed(0)} MiB before, ${early.toFixed(0)} in the first third, ${late.toFixed(0)} in the last`,
  );
  expect(late - early).toBeLessThan(64);
  // This process also runs the tests; of `outpost run start` alone the peak is lower by a third.
  expect(late - idle).toBeLessThan(320);
}, 1_800_000);
