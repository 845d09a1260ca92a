import { execFile } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import type { TestContext } from 'vitest';
import { pythonWith } from '../../tools/python.mjs';
import { card, storeWith } from '../exports/card.ts';
import { newFolder } from '../temp/folder.ts';
import { outpost, root } from './cli-process.ts';

/* A run leaves by the command line as files, and programs of others read from them what the run holds, value by value. */

type Table = { readonly columns: readonly string[]; readonly rows: readonly (readonly unknown[])[] };
type Boxes = readonly (readonly [string, readonly number[]])[];
type ReadBack = {
  readonly csv: Table;
  readonly 'csv-excel': Table;
  readonly xlsx: Table & { readonly kinds: readonly string[] };
  readonly parquet: Table & { readonly types: Readonly<Record<string, string>> };
  readonly coco: readonly { readonly file: string; readonly boxes: Boxes }[];
  readonly yolo: Readonly<Record<string, Boxes>>;
  readonly jsonl: Table;
  readonly megadetector: {
    readonly detection_categories: Readonly<Record<string, string>>;
    readonly images: readonly {
      readonly file: string;
      readonly detections: unknown;
      readonly failure?: string;
    }[];
  };
  readonly geojson: {
    readonly features: readonly { readonly properties: Readonly<Record<string, unknown>> }[];
  };
  readonly html: {
    readonly figures: Readonly<Record<string, string>>;
    readonly rows: readonly (readonly string[])[];
    readonly asked: readonly string[];
  };
};

const data = newFolder('data');
const out = newFolder('out');
const files = {
  csv: path.join(out, 'a.csv'),
  'csv-excel': path.join(out, 'excel.csv'),
  xlsx: path.join(out, 'a.xlsx'),
  parquet: path.join(out, 'a.parquet'),
  coco: path.join(out, 'coco.json'),
  yolo: path.join(out, 'yolo'),
  jsonl: path.join(out, 'a.jsonl'),
  megadetector: path.join(out, 'megadetector.json'),
  geojson: path.join(out, 'a.geojson'),
  html: path.join(out, 'a.html'),
};
const closing: string[] = [];
let python: string | null = null;
let reason = '';
let read: ReadBack;

beforeAll(async () => {
  await (await storeWith(data, { card })).close();
  for (const [format, file] of Object.entries(files)) {
    const how = format === 'csv-excel' ? ['--separator', 'semicolon'] : [];
    const ended = await outpost([
      'export',
      'card',
      '--format',
      format,
      '--out',
      file,
      ...how,
      '--data',
      data,
    ]);
    if (ended.code !== 0) throw new Error(`${format}: ${ended.error}`);
    closing.push(ended.out.trim());
  }
  const notes: string[] = [];
  const requirements = path.join(root, 'test', 'exports', 'requirements.txt');
  python = await pythonWith(requirements, (line: string) => notes.push(line.trim()));
  reason = notes.join('; ');
  if (python === null) return;
  const asked = path.join(out, 'asked.json');
  writeFileSync(asked, JSON.stringify(files));
  const script = path.join(root, 'test', 'exports', 'read_back.py');
  read = JSON.parse((await promisify(execFile)(python, [script, asked])).stdout) as ReadBack;
}, 600_000);

test('the command says what it wrote and what it left out', () => {
  expect(closing).toEqual([
    `5 items, 1 with faults: ${files.csv}`,
    `5 items, 1 with faults: ${files['csv-excel']}`,
    `5 items, 1 with faults: ${files.xlsx}`,
    `5 items, 1 with faults: ${files.parquet}`,
    `4 items, 1 with faults left out: ${files.coco}`,
    `4 items, 1 with faults left out: ${files.yolo}`,
    `5 items, 1 with faults: ${files.jsonl}`,
    `5 items, 1 with faults: ${files.megadetector}`,
    `5 items, 1 with faults: ${files.geojson}`,
    `5 items, 1 with faults: ${files.html}`,
  ]);
});

test('a list of photos leaves alone: by path and as the list of the run has them; one that is not in the run is named', async () => {
  const list = path.join(out, 'photos.txt');
  const file = path.join(out, 'two.jsonl');
  const asked = ['export', 'card', '--format', 'jsonl', '--out', file, '--photos', list, '--data', data];
  writeFileSync(list, '/card/DCIM/IMG_0002.JPG\nDCIM/IMG_0001.JPG\n');
  expect(await outpost(asked)).toMatchObject({ code: 0, out: expect.stringContaining('2 items') });
  const written = readFileSync(file, 'utf8').trim().split('\n');
  expect(written.map((line) => (JSON.parse(line) as { file: string }).file)).toEqual([
    expect.stringMatching(/IMG_0001\.JPG$/u),
    expect.stringMatching(/IMG_0002\.JPG$/u),
  ]);

  // One photo, named in three ways.
  writeFileSync(list, '/card/DCIM/IMG_0002.JPG\nDCIM/IMG_0002.JPG\n/card/./DCIM//IMG_0002.JPG\n');
  expect(await outpost([...asked.slice(0, 5), path.join(out, 'one.jsonl'), ...asked.slice(6)])).toMatchObject(
    {
      code: 0,
      out: expect.stringContaining('1 item'),
    },
  );
  const unknown = await outpost(['export', 'no-run', ...asked.slice(2)]);
  expect(unknown).toMatchObject({ code: 1, error: expect.stringContaining('There is no run no-run') });

  writeFileSync(list, 'DCIM/IMG_0001.JPG\nDCIM/IMG_0009.JPG\n');
  const refused = await outpost(asked);
  expect(refused).toMatchObject({ code: 1, error: expect.stringContaining('DCIM/IMG_0009.JPG') });
  expect(readFileSync(file, 'utf8').trim().split('\n')).toEqual(written);
});

test('a look at the first rows writes nothing; a run that is not there is told by its name', async () => {
  const shown = await outpost(['export', 'card', '--format', 'csv', '--preview', '2', '--data', data]);
  expect(shown.code).toBe(0);
  expect(shown.out).toMatch(/IMG_0001\.JPG .*animal .*0\.931/u);
  expect(shown.out).not.toContain('broken');
  expect(shown.out).toContain('5 items, 1 with faults');
  const absent = path.join(out, 'absent.csv');
  const refused = await outpost(['export', 'r9', '--format', 'csv', '--out', absent, '--data', data]);
  expect(refused).toMatchObject({ code: 1, out: '' });
  expect(refused.error).toContain('There is no run r9.');
  expect(existsSync(absent)).toBe(false);
});

describe('programs of others read', () => {
  const needsPython = ({ skip }: TestContext): void => skip(python === null, reason);

  /** Columns and rows that every table has, in the types of whoever reads them. */
  const column = ({ columns, rows }: Table, name: string): readonly unknown[] =>
    rows.map((row) => row[columns.indexOf(name)] ?? null);
  const names = card.map(({ name }) => name);

  test.for(['csv', 'xlsx', 'parquet'] as const)('%s, value by value', (format, context) => {
    needsPython(context);
    const table = read[format];
    expect(column(table, 'file')).toEqual(
      // Excel's way with characters that XML cannot hold; in `csv` no path begins as a formula does.
      format === 'xlsx'
        ? names.map((name) => name.replace('\u0001', '_x0001_'))
        : names.map((name) => (format === 'csv' && /^[=-]/u.test(name) ? `./${name}` : name)),
    );
    expect(column(table, 'label')).toEqual(['animal', 'empty', null, 'vehicle', 'person']);
    expect(column(table, 'score')).toEqual([0.931, null, null, 0.5, 0.999]);
    expect(column(table, 'count')).toEqual([2, 0, null, 1, 1]);
    expect(column(table, 'counts')[0]).toBe('2 animals');
    expect(column(table, 'fault')).toEqual([null, null, 'image-unreadable', null, null]);
  });

  test('csv-excel with decimal commas; in both, no text that begins as a formula', (context) => {
    needsPython(context);
    const table = read['csv-excel'];
    expect(column(table, 'score')).toEqual([0.931, null, null, 0.5, 0.999]);
    expect(column(table, 'file').slice(3)).toEqual([`./${names[3]}`, `./${names[4]}`]);
    for (const { rows } of [table, read.csv])
      expect(rows.flat().filter((value) => typeof value === 'string' && /^[=+\-@\t\r]/u.test(value))).toEqual(
        [],
      );
  });

  test('xlsx without formulas, parquet with types', (context) => {
    needsPython(context);
    expect(read.xlsx.kinds).toEqual(['n', 's']);
    expect(read.parquet.types).toMatchObject({
      file: 'string',
      score: 'double',
      count: 'int32',
      width: 'int32',
    });
  });

  test('coco and yolo: the same boxes as the run has from its threshold on', (context) => {
    needsPython(context);
    const answered = card.filter(({ result }) => result);
    expect(read.coco.map(({ file }) => file)).toEqual(answered.map(({ name }) => name));
    expect(read.coco[0]?.boxes).toEqual([
      ['animal', [80, 60, 400, 300]],
      ['animal', [500, 300, 200, 150]],
    ]);
    expect(read.coco.map(({ boxes }) => boxes.length)).toEqual([2, 0, 1, 1]);
    expect(read.yolo['DCIM/IMG_0001.txt']).toEqual([
      ['animal', [0.35, 0.35, 0.5, 0.5]],
      ['animal', [0.75, 0.625, 0.25, 0.25]],
    ]);
    expect(read.yolo['DCIM/IMG_0002.txt']).toEqual([]);
    expect(Object.keys(read.yolo)).toHaveLength(answered.length);
  });

  test('json lines, megadetector, geojson and the report: items, boxes, counts and faults', (context) => {
    needsPython(context);
    expect(column(read.jsonl, 'file')).toEqual(names);
    expect(
      column(read.jsonl, 'result').map(
        (result) => (result as { detections?: object[] } | null)?.detections?.length ?? null,
      ),
    ).toEqual([2, 0, null, 1, 1]);
    expect(column(read.jsonl, 'fault')[2]).toMatchObject({ code: 'image-unreadable' });

    const { images, detection_categories: categories } = read.megadetector;
    expect(categories).toEqual({ 1: 'animal', 2: 'person', 3: 'vehicle' });
    expect(images.map(({ file }) => file)).toEqual(names);
    expect(images[0]?.detections).toEqual([
      { category: '1', conf: 0.931, bbox: [0.1, 0.1, 0.5, 0.5] },
      { category: '1', conf: 0.72, bbox: [0.625, 0.5, 0.25, 0.25] },
      { category: '2', conf: 0.31, bbox: [0, 0, 0.1, 0.1] },
    ]);
    expect([images[1]?.detections, images[2]?.detections]).toEqual([[], null]);

    const sites = read.geojson.features.map(({ properties }) => properties);
    expect(sites.reduce((sum, site) => sum + Number(site['photos']), 0)).toBe(5);
    expect(sites.reduce((sum, site) => sum + Number(site['faults']), 0)).toBe(1);

    expect(read.html.figures).toMatchObject({ Photos: '5', 'Not read': '1' });
    const [, , count, share] = read.html.rows.find(([label]) => label === 'animal') ?? [];
    expect([count ?? read.html.rows, share]).toEqual(['1', '25 %']);
    expect(read.html.rows.flat()).toContain('DCIM/broken.JPG');
    expect(read.html.asked).toEqual([]);
  });
});
