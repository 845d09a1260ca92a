import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExportFormat } from '../../contract/runs/export.ts';
import { formats } from '../../main/exports/formats/index.ts';
import { openSource, writeExport } from '../../main/exports/index.ts';
import type { ExportRequest, ExportSource } from '../../main/exports/index.ts';
import type { Result } from '../../contract/tasks/index.ts';
import type { Store } from '../../main/store/index.ts';
import { newFolder } from '../temp/folder.ts';
import { card, digestAt, labelled, sourceOf, startedAt, storeWith } from './card.ts';

const folder = newFolder('exports');
let store: Store;
let source: ExportSource;
beforeAll(async () => {
  const again = { name: 'DCIM/IMG_0001.PNG', result: card[0]!.result };
  store = await storeWith(newFolder('store'), {
    card,
    labelled,
    empty: [],
    clash: [card[0]!, again],
  });
  await store.confirm({
    digest: digestAt('card', 1),
    model: 'm',
    labelId: 'animal',
    label: 'animal',
    path: '/card/DCIM/IMG_0002.JPG',
    at: startedAt,
  });
  source = await sourceOf(store, 'card');
}, 60_000);
afterAll(() => store.close());

const sureBox = (score: number) => ({ index: 0, label: 'animal', score, box: [10, 20, 110, 120] });

let made = 0;
const place = (): string => path.join(folder, String((made += 1)));
async function write(request: Partial<ExportRequest> & Pick<ExportRequest, 'format'>): Promise<string> {
  const out = place();
  const written = await writeExport(source, { separator: 'comma', out, ...request });
  if (!written.ok) throw new Error(written.fault.message);
  return request.out ?? out;
}
const text = async (format: ExportFormat, more: Partial<ExportRequest> = {}): Promise<string> =>
  readFileSync(await write({ format, ...more }), 'utf8');
const json = async (format: ExportFormat, more?: Partial<ExportRequest>) =>
  JSON.parse(await text(format, more));

describe('tables', () => {
  it('have a row an item in the order of the walk, with faults and what a person said', async () => {
    const [head, ...rows] = (await text('csv')).split('\r\n');
    expect(head).toBe(
      'input,file,label,score,count,counts,width,height,confirmed,model,version,variant,provider,at,appVersion,digest,packDigest,fault,message,site,takenAt,cameraTime,event,latitude,longitude,temperatureC,cameraMake,cameraModel,cameraSerial,orientation,duplicateOf',
    );
    expect(rows).toHaveLength(card.length + 1);
    expect(rows[0]).toMatch(
      /^\/card\/DCIM\/IMG_0001\.JPG,DCIM\/IMG_0001\.JPG,animal,0\.931,2,2 animals,800,600,,m,1\.2\.0,/u,
    );
    expect(rows[1]).toMatch(/,empty,,0,,800,600,animal,m,/u);
    expect(rows[2]).toMatch(
      /^\/card\/DCIM\/broken\.JPG,DCIM\/broken\.JPG,,,,,,,,m,1\.2\.0,,,,,,,image-unreadable,/u,
    );
    expect(rows[3]).toContain(',"./=HYPERLINK(""http:x""), ""y"".JPG",vehicle,0.5,1,');
    expect(rows.at(-1)).toBe('');
  });

  it('for Excel run nothing, and have the signs of the place', async () => {
    const excel = await text('csv-excel', { separator: 'semicolon' });
    expect(excel.startsWith('\uFEFFinput;file;')).toBe(true);
    expect(excel).toContain(`"./=HYPERLINK(""http:x""), ""y"".JPG";vehicle;0,5;1;`);
    expect(excel).toContain(`"./-Füchse\tam Bau\u0001.JPG";person;0,999;`);
  });

  it('show from which score on a box counts', async () => {
    expect(await text('csv', { threshold: 0.3 })).toContain(',animal,0.931,3,"2 animals, 1 person",');
    expect(await text('csv', { threshold: 0.95 })).toContain('IMG_0001.JPG,empty,,0,,800,600,');
  });

  it('of labels have one row a photo, the first label', async () => {
    const of = await sourceOf(store, 'labelled');
    const out = place();
    await writeExport(of, { format: 'csv', out, separator: 'comma' });
    const lines = readFileSync(out, 'utf8').split('\r\n');
    expect(lines[0]).toMatch(/^input,file,index,id,label,score,confirmed,/u);
    expect(lines[1]).toContain('a.jpg,281,n02123045,tabby,0.61,');
    expect(lines).toHaveLength(4);
  });

  it('as JSON Lines are the records of predict', async () => {
    const records = (await text('jsonl'))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ file }) => file)).toEqual(card.map(({ name }) => name));
    expect(records[0].result).toMatchObject({
      task: 'object-detection',
      detections: [{ score: 0.931 }, { score: 0.72 }],
    });
    expect(records[1].confirmed).toEqual({ id: 'animal', label: 'animal' });
    expect(records[2].fault).toMatchObject({ code: 'image-unreadable' });
  });

  it('as Parquet have typed columns and nulls', async () => {
    const rows = await parquetReadObjects({
      file: await asyncBufferFromFile(await write({ format: 'parquet' })),
    });
    expect(rows).toHaveLength(card.length);
    expect(rows[0]).toMatchObject({
      file: 'DCIM/IMG_0001.JPG',
      label: 'animal',
      score: 0.931,
      count: 2,
      width: 800,
    });
    expect(rows[2]).toMatchObject({ label: null, score: null, fault: 'image-unreadable' });
    expect(rows[4]).toMatchObject({ file: card[4]!.name, score: 0.999 });
  });
});

describe('boxes', () => {
  it('as COCO: every image that was answered, the empty one too, and boxes in its pixels', async () => {
    const { images, annotations, categories } = await json('coco');
    expect(images.map((each: { file_name: string }) => each.file_name)).toEqual(
      card.filter(({ result }) => result).map(({ name }) => name),
    );
    expect(images[1]).toMatchObject({ id: 2, width: 800, height: 600, confirmed: { label: 'animal' } });
    expect(annotations[0]).toEqual({
      id: 1,
      image_id: 1,
      category_id: 1,
      bbox: [80, 60, 400, 300],
      area: 120_000,
      iscrowd: 0,
      score: 0.931,
    });
    expect(annotations.map((each: { image_id: number }) => each.image_id)).toEqual([1, 1, 3, 4]);
    expect(categories.map(({ id, name }: { id: number; name: string }) => [id, name])).toEqual([
      [1, 'animal'],
      [2, 'person'],
      [3, 'vehicle'],
    ]);
  });

  it('as MegaDetector writes them: all that are kept, shares of the photo, failures by name', async () => {
    const whole = await json('megadetector');
    expect(whole.info).toEqual({
      format_version: '1.5',
      detector: 'm@1.2.0',
      detection_completion_time: '2026-11-22 10:00:00',
      detector_metadata: { typical_detection_threshold: 0.5 },
    });
    expect(whole.detection_categories).toEqual({ 1: 'animal', 2: 'person', 3: 'vehicle' });
    expect(whole.images[0].detections).toEqual([
      { category: '1', conf: 0.931, bbox: [0.1, 0.1, 0.5, 0.5] },
      { category: '1', conf: 0.72, bbox: [0.625, 0.5, 0.25, 0.25] },
      { category: '2', conf: 0.31, bbox: [0, 0, 0.1, 0.1] },
    ]);
    expect(whole.images[1]).toEqual({ file: 'DCIM/IMG_0002.JPG', detections: [] });
    expect(whole.images[2]).toMatchObject({ file: 'DCIM/broken.JPG', detections: null });
    expect(whole.images[2].failure).toMatch(/\w/u);
  });

  it('as MegaDetector writes them, with what its published validator asks of certainties: numbers with a point', async () => {
    const sure = { ...card[0]!.result, detections: [0.9999, 0.5, 0.0001].map(sureBox) } as Result;
    const own = await storeWith(newFolder('sure'), { sure: [{ name: 'sure.JPG', result: sure }] });
    const out = place();
    await writeExport(await sourceOf(own, 'sure'), { format: 'megadetector', out, separator: 'comma' });
    await own.close();
    const written = readFileSync(out, 'utf8');
    expect(written.match(/"conf":[^,]+/gu)).toEqual(['"conf":1.0', '"conf":0.5', '"conf":0.0']);
    expect(JSON.parse(written).images[0].detections).toHaveLength(3);
  });

  it('as YOLO reads them: a file for each photo, the middle and the size of each box', async () => {
    const out = await write({ format: 'yolo' });
    expect(readFileSync(path.join(out, 'labels/DCIM/IMG_0001.txt'), 'utf8')).toBe(
      '0 0.350000 0.350000 0.500000 0.500000\n0 0.750000 0.625000 0.250000 0.250000\n',
    );
    expect(readFileSync(path.join(out, 'labels/DCIM/IMG_0002.txt'), 'utf8')).toBe('');
    expect(existsSync(path.join(out, 'labels/DCIM/broken.txt'))).toBe(false);
    expect(readFileSync(path.join(out, 'data.yaml'), 'utf8')).toBe(
      'path: .\ntrain: images\nval: images\nnames:\n  0: "animal"\n  1: "person"\n  2: "vehicle"\n',
    );
  });
});

it('a report holds figures, labels, faults and photos, asks no network and runs nothing', async () => {
  const asked: string[] = [];
  const thumbnail = (file: string): Promise<Uint8Array | null> => {
    asked.push(file);
    return Promise.resolve(file.endsWith('0001.JPG') ? Buffer.from('jpeg') : null);
  };
  const page = await text('html', { thumbnail });
  expect(page).toContain('<dt>Photos</dt><dd>5</dd>');
  expect(page).toContain('<dt>Not read</dt><dd>1</dd>');
  expect(page).toContain('<dt>Confirmed by a person</dt><dd>1</dd>');
  expect(page).toMatch(/<th scope="row">animal<\/th>.*<td class="n">1<\/td><td class="n">25 %<\/td>/u);
  expect(page).toContain('DCIM/broken.JPG');
  expect(page).toContain(`data:image/jpeg;base64,${Buffer.from('jpeg').toString('base64')}`);
  expect(page).toContain('<rect class="i" x="80" y="60" width="400" height="300">');
  expect(page).toContain('=HYPERLINK(&#34;http:x&#34;), &#34;y&#34;.JPG');
  expect(page).not.toContain('"http:x"');
  expect(page).toMatch(/content="default-src 'none'; img-src data:; style-src 'unsafe-inline'"/u);
  expect(asked).toHaveLength(4);
});

/* Those that need photos on disk, or times, are in cameras.test.ts. */
const fitting = ExportFormat.options.filter(
  (format) => !['camtrap-dp', 'sorted', 'marked', 'blurred'].includes(format),
);
it.each(fitting)('%s is the same for the same run, byte for byte', async (format) => {
  const [first, second] = [await write({ format }), await write({ format })].map(bytesIn);
  expect(second).toEqual(first);
  expect(first!.length).toBeGreaterThan(0);
});

/** A file's bytes, or the names and texts of a folder. */
function bytesIn(out: string): string {
  if (
    !readdirSync(folder, { withFileTypes: true }).some(
      (entry) => entry.name === path.basename(out) && entry.isDirectory(),
    )
  )
    return readFileSync(out, 'base64');
  const files = readdirSync(out, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return files
    .map(({ parentPath, name }) => `${name}\n${readFileSync(path.join(parentPath, name), 'utf8')}`)
    .join('');
}

describe('what cannot be exported', () => {
  const codeOf = async (run: string, format: ExportFormat, out = place()) => {
    const written = await writeExport(await sourceOf(store, run), { format, out, separator: 'comma' });
    expect(existsSync(out) && readdirSync(out).length === 0).toBe(false);
    return written.ok ? null : written.fault.code;
  };

  it('is said by its reason, and leaves nothing', async () => {
    const unknown = await openSource(store, 'r0');
    expect(unknown.ok ? null : unknown.fault.code).toBe('run-not-found');
    const stopped = await openSource(store, 'labelled', { signal: AbortSignal.abort() });
    expect(stopped.ok ? null : stopped.fault.code).toBe('cancelled');
    expect(await codeOf('empty', 'csv')).toBe('export-empty');
    expect(await codeOf('labelled', 'coco')).toBe('export-needs-boxes');
    expect(await codeOf('clash', 'yolo')).toBe('export-names-clash');
    const other = path.join(folder, 'a folder');
    mkdirSync(other);
    writeFileSync(path.join(other, 'theirs.txt'), 'theirs');
    expect(await codeOf('labelled', 'csv', other)).toBe('place-is-folder');
    expect(readdirSync(other)).toEqual(['theirs.txt']);
    const more = { ...source, total: 1_048_576 };
    const many = await writeExport(more, { format: 'xlsx', out: place(), separator: 'comma' });
    expect(many.ok ? null : many.fault.params).toMatchObject({ count: 1_048_576, limit: 1_048_575 });
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it('is a photo whose boxes were removed from the cache; its label is still there', async () => {
    const own = await storeWith(newFolder('purged'), { purged: [card[0]!] });
    expect(await own.purge({ all: true })).toEqual({ removed: 1 });
    const purged = await sourceOf(own, 'purged');
    const out = place();
    const written = await writeExport(purged, { format: 'coco', out, separator: 'comma' });
    expect(written.ok ? null : written.fault.code).toBe('export-answer-removed');
    expect(existsSync(out)).toBe(false);
    await writeExport(purged, { format: 'csv', out, separator: 'comma' });
    await own.close();
    expect(readFileSync(out, 'utf8')).toContain('/card/DCIM/IMG_0001.JPG,DCIM/IMG_0001.JPG,animal,0.931,');
  });

  it.each(fitting)('leaves a file as it was until the last byte: stopped half-way as %s', async (format) => {
    const out = place();
    if (formats[format].kind === 'file') writeFileSync(out, 'precious');
    const stop = new AbortController();
    const onItem = (done: number): void => void (done === 2 && stop.abort());
    const { signal } = stop;
    const options = { format, out, separator: 'comma', signal, onItem } as const;
    const stopped = await writeExport(source, options);
    expect(stopped.ok ? null : stopped.fault.code).toBe('cancelled');
    expect(existsSync(out) && readFileSync(out, 'utf8')).toBe(
      formats[format].kind === 'file' ? 'precious' : false,
    );
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });

  it.each(fitting)('names the folder that is not there: as %s', async (format) => {
    const out = path.join(place(), 'deeper');
    const written = await writeExport(source, { format, out, separator: 'comma' });
    expect(written.ok ? null : written.fault).toMatchObject({
      code: 'export-folder-missing',
      params: { file: out },
    });
  });

  it('stays as it was: a folder with something in it', async () => {
    const full = place();
    mkdirSync(full);
    writeFileSync(path.join(full, 'mine.txt'), 'mine');
    const refused = await writeExport(source, { format: 'yolo', out: full, separator: 'comma' });
    expect(refused.ok ? null : refused.fault.code).toBe('export-folder-not-empty');
    expect(readdirSync(full)).toEqual(['mine.txt']);
    expect(readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });
});
