import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import sharp from 'sharp';
import { open as openZip } from 'yauzl';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExportFormat } from '../../contract/runs/export.ts';
import type { ExportChoice } from '../../contract/runs/export.ts';
import { openSource, picturesBy, previewOf, writeExport } from '../../main/exports/index.ts';
import type { ExportItem, PictureMaker } from '../../main/exports/index.ts';
import type { Store } from '../../main/store/index.ts';
import { readCamera } from '../../main/worker/camera/index.ts';
import { makeCopy } from '../../main/worker/copies/index.ts';
import { sharpDecoder } from '../../main/worker/sharp-decoder.ts';
import { newFolder } from '../temp/folder.ts';
import { misfitsOfGeojson } from './rfc7946.ts';
import { ridge, season, storeSeason } from './season.ts';
import { parseCsv } from './table-schema.ts';

const out = newFolder('out');
const photos = newFolder('photos');
let store: Store;
beforeAll(async () => {
  store = await storeSeason(newFolder('data'), photos);
}, 60_000);
afterAll(() => store.close());

const decoder = sharpDecoder();
/** The worker's own code, without the worker. */
const maker: PictureMaker = {
  thumbnail: async (file, edge) => decoder.thumbnail(readFileSync(file), edge, file),
  copy: async (file, request) => makeCopy(decoder, readFileSync(file), { request, name: file }),
};
let made = 0;
type Asked = {
  readonly choice?: ExportChoice;
  readonly nowMs?: number;
  readonly to?: string;
  readonly signal?: AbortSignal;
};

async function write(format: ExportFormat, { choice = {}, nowMs, to, signal }: Asked = {}) {
  const source = await openSource(store, 'season', { choice, ...(nowMs !== undefined && { nowMs }) });
  if (!source.ok) throw new Error(source.fault.message);
  const file = to ?? path.join(out, String((made += 1)));
  const options = { separator: 'comma', ...choice, ...picturesBy(maker), format, out: file } as const;
  const written = await writeExport(source.value, { ...options, ...(signal && { signal }) });
  return { file, written };
}
async function fileOf(format: ExportFormat, asked?: Asked): Promise<string> {
  const { file, written } = await write(format, asked);
  if (!written.ok) throw new Error(written.fault.message);
  return file;
}
const rowsOf = async (asked?: Asked) => parseCsv(readFileSync(await fileOf('csv', asked), 'utf8')).rows;
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.relative(folder, path.join(parentPath, name)).replaceAll('\\', '/'))
    .sort();

describe('what cameras said', () => {
  it('stands in every row: times, sites by their folders, events, places, the camera', async () => {
    const rows = await rowsOf();
    expect(rows.map(({ site }) => site)).toEqual(['ridge', 'ridge', 'ridge', 'hide', 'hide']);
    expect(rows[0]).toMatchObject({
      takenAt: '2026-05-01T23:59:30',
      cameraTime: '2026-05-01T23:59:30',
      latitude: '-1.29',
      longitude: '36.82',
      temperatureC: '-3.5',
      cameraMake: 'Acme',
      cameraModel: 'Trail 5',
      cameraSerial: 'SN-77',
      orientation: '6',
    });
    expect(rows[3]).toMatchObject({ latitude: '', temperatureC: '', cameraSerial: 'H2' });
    // 50 s apart, across midnight; then 70 s.
    expect(rows.map(({ event }) => event)).toEqual([
      'ridge:SN-77:20260501T235930',
      'ridge:SN-77:20260501T235930',
      'ridge:SN-77:20260502T000130',
      'hide:H2:20260503T100000',
      'hide:H2:20260503T100000',
    ]);
    const wide = await rowsOf({ choice: { eventGapS: 70 } });
    expect(new Set(wide.map(({ event }) => event)).size).toBe(2);
  });

  it('is typed in Parquet, and part of each record in JSON Lines', async () => {
    const rows = await parquetReadObjects({ file: await asyncBufferFromFile(await fileOf('parquet')) });
    expect(rows[0]).toMatchObject({
      latitude: -1.29,
      temperatureC: -3.5,
      orientation: 6,
      event: 'ridge:SN-77:20260501T235930',
    });
    expect(rows[3]).toMatchObject({ latitude: null });
    const [line = ''] = readFileSync(await fileOf('jsonl'), 'utf8').split('\n');
    expect(JSON.parse(line)).toMatchObject({
      camera: season[0]!.camera,
      site: 'ridge',
      takenAt: '2026-05-01T23:59:30',
    });
  });

  it('is set right by a person for all of a run or one folder; what the clock said stays', async () => {
    await store.setRunFolder('season', { folder: '', shiftS: 4800 });
    await store.setRunFolder('season', {
      folder: 'hide',
      shiftS: -86_400,
      site: 'Hide 3',
      latitude: -1.5,
      longitude: 37,
    });
    const rows = await rowsOf();
    expect(rows.map(({ takenAt }) => takenAt)).toEqual([
      '2026-05-02T01:19:30',
      '2026-05-02T01:20:20',
      '2026-05-02T01:21:30',
      '2026-05-02T10:00:00',
      '2026-05-02T10:00:05',
    ]);
    expect(rows[0]?.['cameraTime']).toBe('2026-05-01T23:59:30');
    expect(rows[0]?.['event']).toBe('ridge:SN-77:20260502T011930');
    expect(rows[3]).toMatchObject({ site: 'Hide 3', latitude: '-1.5', longitude: '37' });
    await store.setRunFolder('season', { folder: '', shiftS: null });
    await store.setRunFolder('season', {
      folder: 'hide',
      shiftS: null,
      site: null,
      latitude: null,
      longitude: null,
    });
    expect(await store.runFolders('season')).toEqual([]);
  });
});

describe('which photos', () => {
  it.each<[string, ExportChoice, number[]]>([
    ['a label among those of the photo, or confirmed as it', { labels: ['Wolf'] }, [0, 1, 2]],
    ['nothing found, by the model and by a person', { labels: ['empty'] }, [4]],
    ['a score of the first label', { minScore: 0.85 }, [0]],
    ['what a person looked at', { reviewed: 'yes' }, [1]],
    ['what nobody looked at', { reviewed: 'no' }, [0, 2, 3, 4]],
    ['a selection', { items: Uint32Array.of(3, 0) }, [0, 3]],
    ['all at once', { labels: ['person'], minScore: 0.5, items: Uint32Array.of(2, 4) }, [2]],
  ])('%s', async (_, choice, expected) => {
    expect((await rowsOf({ choice })).map(({ file }) => file)).toEqual(
      expected.map((at) => season[at]!.name),
    );
  });

  it('are counted before; none is a fault', async () => {
    const source = await openSource(store, 'season', { choice: { labels: ['wolf'] } });
    const preview = source.ok ? await previewOf(source.value, { rows: 2 }) : null;
    expect([preview?.items, preview?.rows.length]).toEqual([3, 2]);
    const { written } = await write('csv', { choice: { labels: ['unicorn'] } });
    expect(written.ok ? null : written.fault.code).toBe('export-none-chosen');
  });

  it('are asked for again by the name of a profile', async () => {
    const choice: ExportChoice = {
      labels: ['wolf'],
      locations: [{ kind: 'round', places: 1, label: 'wolf' }],
    };
    await store.keepExportProfile({ name: 'For the park', choice: { minScore: 0.1 } });
    await store.keepExportProfile({ name: 'For the park', choice });
    expect(await store.exportProfiles()).toEqual([{ name: 'For the park', choice }]);
  });
});

/** Every byte that an export wrote, names of files included; pixels of pictures say no place and stay out. */
async function everythingIn(file: string): Promise<string> {
  if (
    !readdirSync(out, { withFileTypes: true }).some(
      (entry) => entry.name === path.basename(file) && entry.isDirectory(),
    )
  )
    return readFileSync(file, 'latin1');
  return filesIn(file)
    .map((name) => `${name}\n${readFileSync(path.join(file, name), 'latin1')}`)
    .join('\n');
}

async function latitudeIn(file: string): Promise<number | null> {
  const { exif } = await sharp(file).metadata();
  return (exif && readCamera(exif)?.latitude) ?? null;
}

const sheetIn = (file: string): Promise<string> =>
  new Promise((resolve, reject) => {
    openZip(file, { lazyEntries: true }, (error, zip) => {
      if (error) return reject(error);
      zip.on('entry', (entry: { fileName: string }) => {
        if (!entry.fileName.endsWith('sheet1.xml')) return zip.readEntry();
        zip.openReadStream(entry as never, (failed, stream) =>
          failed ? reject(failed) : text(stream).then(resolve, reject),
        );
      });
      zip.readEntry();
    });
  });

describe('rules about places', () => {
  const exact = [String(ridge.latitude), String(ridge.longitude), '1795'];
  const hidden = ExportFormat.options.filter((format) => format !== 'camtrap-dp');

  it.each(hidden)('hide them in %s, for each photo of a site of which one has the label', async (format) => {
    const choice: ExportChoice = { locations: [{ kind: 'hide', label: 'WOLF' }] };
    const file = await fileOf(format, { choice });
    if (['sorted', 'marked', 'blurred'].includes(format)) {
      const copies = filesIn(file).filter((name) => name.endsWith('.JPG'));
      const places = await Promise.all(copies.map((name) => latitudeIn(path.join(file, name))));
      // Those of the other site, whose files say a place too, and no rule holds for it.
      expect([copies.length, places.filter((latitude) => latitude !== null).length]).toEqual([5, 2]);
      return;
    }
    const written = format === 'xlsx' ? await sheetIn(file) : await everythingIn(file);
    if (format !== 'parquet') expect(written).toContain('wolf');
    for (const one of exact) expect(written).not.toContain(one);
    if (format === 'parquet')
      for (const row of await parquetReadObjects({ file: await asyncBufferFromFile(file) }))
        expect(row).toMatchObject({ latitude: null, longitude: null });
  });

  it.each(['csv', 'jsonl', 'geojson', 'camtrap-dp'] as const)('round them in %s', async (format) => {
    await store.setRunFolder('season', { folder: 'hide', latitude: -1.5, longitude: 37 });
    const choice: ExportChoice = {
      locations: [
        { kind: 'round', places: 1 },
        { kind: 'round', places: 0, label: 'unseen' },
      ],
    };
    const written = await everythingIn(await fileOf(format, { choice }));
    await store.setRunFolder('season', { folder: 'hide', latitude: null, longitude: null });
    for (const one of exact) expect(written).not.toContain(one);
    expect(written).toContain('36.8');
    expect(written).toContain('-1.3');
  });

  it('delay them until so many days after the last photo of the site', async () => {
    const choice: ExportChoice = { locations: [{ kind: 'delay', days: 30 }] };
    const at = (date: string): Asked => ({ choice, nowMs: Date.parse(date) });
    expect((await rowsOf(at('2026-05-31T00:00:00Z')))[0]?.['latitude']).toBe('');
    expect((await rowsOf(at('2026-06-02T00:00:00Z')))[0]?.['latitude']).toBe('-1.29');
  });

  it('are what Camtrap DP cannot hide: it is refused by the name of the site', async () => {
    await store.setRunFolder('season', { folder: 'hide', latitude: -1.5, longitude: 37 });
    const { written, file } = await write('camtrap-dp', {
      choice: { locations: [{ kind: 'hide', label: 'wolf' }] },
    });
    await store.setRunFolder('season', { folder: 'hide', latitude: null, longitude: null });
    expect(written.ok ? null : [written.fault.code, written.fault.params?.['site']]).toEqual([
      'export-place-hidden',
      'ridge',
    ]);
    expect(existsSync(file)).toBe(false);
    const unknown = (await write('camtrap-dp')).written;
    expect(unknown.ok ? null : [unknown.fault.code, unknown.fault.params?.['site']]).toEqual([
      'export-place-unknown',
      'hide',
    ]);
  });
});

describe('copies of photos', () => {
  it('are sorted by what a person said, else by the first label; of two names the second is numbered', async () => {
    const before = readFileSync(path.join(photos, season[0]!.name));
    const folder = await fileOf('sorted');
    expect(filesIn(folder)).toEqual([
      'empty/..odd "name".JPG',
      'person/IMG_1 (2).JPG',
      'person/IMG_1.JPG',
      'wolf/IMG_1.JPG',
      'wolf/IMG_2.JPG',
    ]);
    expect(readFileSync(path.join(folder, 'wolf', 'IMG_1.JPG')).equals(before)).toBe(true);
    expect(readFileSync(path.join(photos, season[0]!.name)).equals(before)).toBe(true);
  });

  it('tell nothing where all is stripped', async () => {
    const folder = await fileOf('sorted', { choice: { exif: 'strip' } });
    const { exif } = await sharp(path.join(folder, 'wolf', 'IMG_1.JPG')).metadata();
    expect(exif && readCamera(exif)).toEqual({ orientation: 6 });
  });

  it('are marked with each label and its score; what a person said stands in its place, and no box where they said empty', async () => {
    const textsWhen = async (named: { id: string; label: string } | null): Promise<string[][]> => {
      const source = await openSource(store, 'season');
      if (!source.ok) throw new Error(source.fault.message);
      const texts: string[][] = [];
      const items = async function* (): AsyncGenerator<ExportItem> {
        for await (const item of source.value.items())
          yield item.name.endsWith('101ACME_/IMG_1.JPG') ? { ...item, confirmed: named } : item;
      };
      const copy: PictureMaker['copy'] = async (file, request) => {
        texts.push(request.marks.map(({ text: label }) => label));
        return maker.copy(file, request);
      };
      const request = { format: 'marked', separator: 'comma', ...picturesBy({ ...maker, copy }) } as const;
      const to = path.join(out, String((made += 1)));
      const written = await writeExport({ ...source.value, items }, { ...request, out: to });
      if (!written.ok) throw new Error(written.fault.message);
      return texts;
    };
    expect(await textsWhen(null)).toEqual([['wolf 91 %'], ['person 80 %', 'wolf 91 %'], ['person 80 %']]);
    expect((await textsWhen({ id: 'wolf', label: 'wolf' }))[1]).toEqual(['person 80 %', 'wolf']);
    expect((await textsWhen({ id: 'lynx', label: 'Luchs' }))[1]).toEqual(['Luchs', 'wolf 91 %']);
    expect(await textsWhen({ id: '', label: '' })).toEqual([['wolf 91 %'], ['person 80 %']]);
  });

  it('have people blurred and nothing else; what is not stored any more is never taken for empty', async () => {
    const folder = await fileOf('blurred');
    expect(filesIn(folder)).toEqual(season.map(({ name }) => name).sort());
    const same = season.map(({ name }) =>
      readFileSync(path.join(folder, name)).equals(readFileSync(path.join(photos, name))),
    );
    expect(same).toEqual([true, true, false, false, true]);
  });

  it('name the photo that is not there any more', async () => {
    const photo = path.join(photos, season[2]!.name);
    renameSync(photo, `${photo} away`);
    const { written } = await write('sorted');
    renameSync(`${photo} away`, photo);
    expect(written.ok ? null : written.fault).toMatchObject({
      code: 'file-not-found',
      params: { file: photo },
    });
  });

  it('go on where they were broken off, and leave what is there alone', async () => {
    const to = path.join(out, 'resumed');
    const stop = new AbortController();
    const source = await openSource(store, 'season');
    if (!source.ok) throw new Error(source.fault.message);
    const request = { format: 'marked', out: to, separator: 'comma', ...picturesBy(maker) } as const;
    const onItem = (done: number): void => void (done === 2 && stop.abort());
    const stopped = await writeExport(source.value, { ...request, signal: stop.signal, onItem });
    expect(stopped.ok ? null : stopped.fault.code).toBe('cancelled');
    const half = filesIn(to).filter((name) => name.endsWith('.JPG'));
    expect(half.length).toBeGreaterThan(0);
    expect(half.length).toBeLessThan(season.length);
    writeFileSync(path.join(to, half[0]!), 'made before');
    // Another export does not go on in its folder.
    const other = await writeExport(source.value, { ...request, format: 'blurred' });
    expect(other.ok ? null : other.fault.code).toBe('export-folder-not-empty');
    const hidden = await openSource(store, 'season', { choice: { locations: [{ kind: 'hide' }] } });
    const elsewise = hidden.ok ? await writeExport(hidden.value, request) : hidden;
    expect(elsewise.ok ? null : elsewise.fault.code).toBe('export-folder-not-empty');
    writeFileSync(path.join(to, '.outpost-export.partial'), 'half of a photo');
    const again = await writeExport(source.value, request);
    expect(again.ok).toBe(true);
    expect(filesIn(to)).toEqual(season.map(({ name }) => name).sort());
    expect(readFileSync(path.join(to, half[0]!), 'utf8')).toBe('made before');
    const full = path.join(out, 'full');
    mkdirSync(full);
    writeFileSync(path.join(full, 'mine.txt'), 'mine');
    const refused = await writeExport(source.value, { ...request, out: full });
    expect(refused.ok ? null : refused.fault.code).toBe('export-folder-not-empty');
  });
});

it('a map has a point for each site, with what was seen there', async () => {
  const written = readFileSync(await fileOf('geojson'), 'utf8');
  expect(misfitsOfGeojson(written)).toEqual([]);
  // The reader sees latitude before longitude, and a site without its geometry.
  expect(misfitsOfGeojson(written.replace('[36.82,-1.29]', '[-1.29,136.82]'))).toHaveLength(1);
  expect(misfitsOfGeojson(written.replace('"geometry":null,', ''))).toHaveLength(1);
  const { features } = JSON.parse(written);
  expect(features).toHaveLength(2);
  expect(features[0]).toEqual({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [36.82, -1.29] },
    properties: {
      site: 'ridge',
      photos: 3,
      faults: 0,
      confirmed: 1,
      first: '2026-05-01T23:59:30',
      last: '2026-05-02T00:01:30',
      events: 2,
      cameras: ['SN-77'],
      labels: { wolf: 3, person: 1 },
    },
  });
  expect(features[1]).toMatchObject({
    geometry: null,
    properties: { site: 'hide', labels: { empty: 1, person: 1 } },
  });
});
