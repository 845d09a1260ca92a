import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { beforeAll, expect, test } from 'vitest';
import { pythonWith } from '../../tools/python.mjs';
import { fixtures as schemas, parseCsv } from '../exports/table-schema.ts';
import { readCamera } from '../../main/worker/camera/index.ts';
import { newFolder } from '../temp/folder.ts';
import { exifBlock, fullBlock, withBlock } from '../worker/exif-blocks.ts';
import { outpost, root } from './cli-process.ts';

/* From a camera card by the command line, real model and workers, to a data package that frictionless reads, and to copies without a face. */

const data = newFolder('data');
const out = newFolder('out');
const card = path.join(newFolder('card'), 'CARD7');
const reconyx = readFileSync(path.join(root, 'test', 'fixtures', 'camera', 'reconyx-hyperfire2.exif'));
let run = '';

const ended = async (...args: string[]) => {
  const done = await outpost([...args, '--data', data]);
  if (done.code !== 0) throw new Error(`${args.join(' ')}: ${done.error}`);
  return done.out;
};

beforeAll(async () => {
  const photo = (name: string) =>
    sharp(path.join(root, 'test', 'fixtures', 'photos', name))
      .jpeg({ quality: 92 })
      .toBuffer();
  const folder = path.join(card, 'DCIM', '100RECNX');
  mkdirSync(folder, { recursive: true });
  const upright = { ...fullBlock, image: {} };
  writeFileSync(path.join(folder, 'RCNX0001.JPG'), withBlock(await photo('astronaut.png'), reconyx));
  writeFileSync(path.join(folder, 'RCNX0002.JPG'), withBlock(await photo('grass.png'), reconyx));
  writeFileSync(path.join(folder, 'RCNX0003.JPG'), withBlock(await photo('brick.png'), exifBlock(upright)));
  writeFileSync(path.join(folder, 'broken.JPG'), 'no photo');
  await outpost(['run', 'start', card, '--model', 'camera-triage', '--json', '--data', data]);
  const listed = JSON.parse(await ended('run', 'list', '--json')) as
    { id: string }[] | { runs: { id: string }[] };
  run = (Array.isArray(listed) ? listed : listed.runs)[0]!.id;
}, 240_000);

test('what the cameras wrote is in the table, and clocks, site and place that a person says beside it', async () => {
  const shifted = await ended('run', 'shift', run, '--by', '+1h20m');
  expect(shifted).toBe(`${run}: clocks moved by +1h20m\n`);
  await ended('run', 'site', run, 'Canal', '--at=51.1,-3.2');
  const file = path.join(out, 'a.csv');
  await ended('export', run, '--format', 'csv', '--out', file);
  const { rows } = parseCsv(readFileSync(file, 'utf8'));
  expect(rows[0]).toMatchObject({
    file: 'DCIM/100RECNX/RCNX0001.JPG',
    site: 'Canal',
    cameraTime: '2021-04-11T20:43:09',
    takenAt: '2021-04-11T22:03:09',
    cameraSerial: 'H2RXEM06043616',
    temperatureC: '2',
    latitude: '51.1',
    longitude: '-3.2',
  });
  expect(rows[2]).toMatchObject({ cameraMake: '', cameraSerial: 'SN-77', latitude: '-1.29' });
  const refused = await outpost(['run', 'shift', run, '--by', '+1h', '--folder', 'nowhere', '--data', data]);
  expect(refused.code).toBe(1);
  expect(refused.error).toContain('No photo of the run');
});

test('an export takes what the window shows: one camera, one site, a time as a person set it right, the empty ones', async () => {
  const about = JSON.parse(await ended('run', 'cameras', run, '--json')) as {
    cameras: { camera: string; count: number }[];
    sites: { site: string; count: number }[];
    lastTaken: string;
    folders: { folder: string; site: string; shiftS: number; count: number; stated: { shiftS: number } }[];
  };
  expect(about.cameras.map(({ camera, count }) => [camera, count])).toEqual([
    ['H2RXEM06043616', 2],
    ['SN-77', 1],
  ]);
  expect(about.sites).toEqual([{ site: 'Canal', count: 4 }]);
  expect(about.lastTaken).toBe('2026-05-02T01:19:30');
  const [all, folder] = about.folders;
  expect([all, folder]).toMatchObject([
    { folder: '', site: 'Canal', shiftS: 4800, count: 4, stated: { shiftS: 4800 } },
    { folder: 'DCIM/100RECNX', site: 'Canal', shiftS: 4800, count: 4, stated: { shiftS: null } },
  ]);
  const filesOf = async (...options: string[]) => {
    const file = path.join(out, 'filtered.csv');
    await ended('export', run, '--format', 'csv', '--out', file, ...options);
    return parseCsv(readFileSync(file, 'utf8')).rows.map((row) => path.basename(row['file']!));
  };
  expect(await filesOf('--camera', 'h2rxem06043616')).toEqual(['RCNX0001.JPG', 'RCNX0002.JPG']);
  expect(await filesOf('--site', 'canal', '--from', '2021-04-12')).toEqual(['RCNX0003.JPG']);
  // By the camera's own clock it was 20:43.
  expect(await filesOf('--from', '2021-04-11T22:00', '--to', '2021-04-11')).toEqual([
    'RCNX0001.JPG',
    'RCNX0002.JPG',
  ]);
  expect(await filesOf('--show', 'empty', '--camera', 'SN-77')).toEqual(['RCNX0003.JPG']);
  expect(await filesOf('--show', 'faults')).toEqual(['broken.JPG']);
  const none = await outpost(['export', run, '--format', 'csv', '--out', out, '--site', 'x', '--data', data]);
  expect([none.code, none.error]).toEqual([1, expect.stringContaining('is what was chosen')]);
});

test('Camtrap DP is read by frictionless against the published schemas', async (context) => {
  const folder = path.join(out, 'package');
  const closing = await ended(
    'export',
    run,
    '--format',
    'camtrap-dp',
    '--out',
    folder,
    '--utc-offset',
    '+01:00',
  );
  expect(closing).toBe(`3 items, 1 with faults left out: ${folder}\n`);
  expect(readdirSync(folder).sort()).toEqual([
    'datapackage.json',
    'deployments.csv',
    'media.csv',
    'observations.csv',
  ]);
  const notes: string[] = [];
  const python = await pythonWith(path.join(root, 'test', 'exports', 'requirements.txt'), (line: string) =>
    notes.push(line),
  );
  context.skip(python === null, notes.join('; '));
  const script = path.join(root, 'test', 'exports', 'read_camtrap_dp.py');
  const { stdout } = await promisify(execFile)(python!, [script, folder, schemas]);
  const read = JSON.parse(stdout) as { errors: string[]; rows: Record<string, Record<string, unknown>[]> };
  expect(read.errors).toEqual([]);
  expect(read.rows['media']?.map(({ timestamp }) => timestamp)).toEqual([
    '2021-04-11T22:03:09+01:00',
    '2021-04-11T22:03:09+01:00',
    '2026-05-02T01:19:30+02:00',
  ]);
  expect(read.rows['observations']?.[0]).toMatchObject({
    observationType: 'human',
    classificationMethod: 'machine',
  });
}, 600_000);

test('copies hide the person and keep the rest; the place goes where it is hidden', async () => {
  const folder = path.join(out, 'blurred');
  await ended('export', run, '--format', 'blurred', '--out', folder, '--places', 'hide');
  const at = (base: string, name: string): string => path.join(base, 'DCIM', '100RECNX', name);
  expect(existsSync(path.join(folder, '.outpost-export.json'))).toBe(false);
  const [face, before] = await Promise.all(
    [at(folder, 'RCNX0001.JPG'), at(card, 'RCNX0001.JPG')].map((file) =>
      sharp(file).extract({ left: 190, top: 70, width: 80, height: 90 }).png().toBuffer(),
    ),
  );
  const edges = async (picture: Buffer): Promise<number> => {
    const strong = await sharp(picture)
      .greyscale()
      .convolve({ width: 3, height: 3, kernel: [0, 1, 0, 1, -4, 1, 0, 1, 0] })
      .png()
      .toBuffer();
    return (await sharp(strong).stats()).channels[0]!.mean;
  };
  expect(await edges(face!)).toBeLessThan((await edges(before!)) / 3);
  const cameraIn = async (file: string) => {
    const { exif } = await sharp(file).metadata();
    return exif && readCamera(exif);
  };
  const { latitude: _, longitude: __, altitudeM: ___, ...rest } = (await cameraIn(at(card, 'RCNX0003.JPG')))!;
  expect(rest).toMatchObject({ serial: 'SN-77', temperatureC: -3.5 });
  expect(await cameraIn(at(folder, 'RCNX0003.JPG'))).toEqual(rest);
  const shown = await ended(
    'export',
    run,
    '--format',
    'csv',
    '--preview',
    '5',
    '--label',
    'person',
    '--save-profile',
    'people',
  );
  expect(shown).toContain('1 items');
  const again = await ended('export', run, '--format', 'csv', '--preview', '5', '--profile', 'people');
  expect(again).toBe(shown);
});
