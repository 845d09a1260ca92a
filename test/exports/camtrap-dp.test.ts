import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExportChoice } from '../../contract/runs/export.ts';
import { openSource, writeExport } from '../../main/exports/index.ts';
import type { Store } from '../../main/store/index.ts';
import { newFolder } from '../temp/folder.ts';
import { season, storeSeason } from './season.ts';
import { misfits, parseCsv, publishedJson } from './table-schema.ts';
import type { TableSchema } from './table-schema.ts';

/* Camtrap DP against its profile and its table schemas as they are published. */

const tables = ['deployments', 'media', 'observations'] as const;
const out = newFolder('out');
let store: Store;
beforeAll(async () => {
  store = await storeSeason(newFolder('data'), newFolder('photos'));
  await store.setRunFolder('season', {
    folder: 'hide',
    site: 'Hide 3',
    latitude: -1.5,
    longitude: 37,
    shiftS: 3600,
  });
}, 60_000);
afterAll(() => store.close());

let made = 0;
async function write(choice: ExportChoice = {}) {
  const source = await openSource(store, 'season', { choice });
  if (!source.ok) throw new Error(source.fault.message);
  const folder = path.join(out, String((made += 1)));
  const request = { separator: 'comma', format: 'camtrap-dp', out: folder, ...choice } as const;
  const written = await writeExport(source.value, { ...request, utcOffset: choice.utcOffset ?? '+01:00' });
  if (!written.ok) throw new Error(written.fault.message);
  const text = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
  const csv = Object.fromEntries(tables.map((name) => [name, text(`${name}.csv`)])) as Record<
    (typeof tables)[number],
    string
  >;
  return { csv, described: JSON.parse(text('datapackage.json')), report: written.value };
}

/**
 * The published profile. The schema of Data Package that it points at is of a version before schemas could be addresses and
 * roles were open, so these two are left to the profile; that of GeoJSON is left open.
 */
function profile() {
  const formats = { ...fullFormats, textarea: true } as const;
  const ajv = new Ajv({ strict: false, allErrors: true, formats });
  const base = withoutDraft('data-package.json');
  const { contributors, resources } = base.properties;
  delete contributors.items.properties['role'];
  delete resources.items.properties['schema'];
  ajv.addSchema(base, 'https://specs.frictionlessdata.io/schemas/data-package.json');
  ajv.addSchema(
    { type: 'object', required: ['type', 'coordinates'] },
    'http://json.schemastore.org/geojson.json',
  );
  return ajv.compile(withoutDraft('camtrap-dp-profile.json'));
}

type Listed = { readonly items: { readonly properties: Record<string, unknown> } };
type Schema = { readonly properties: { readonly contributors: Listed; readonly resources: Listed } };
/** Nothing in them is of draft 4 alone. */
function withoutDraft(name: string): Schema {
  const { $schema: _, ...schema } = publishedJson<Schema & { readonly $schema: string }>(name);
  return schema;
}

const given: ExportChoice = {
  package: {
    contributors: [{ title: 'A Ranger', role: 'contact' }],
    project: { title: 'Ridge survey', samplingDesign: 'targeted' },
    taxonomic: [{ scientificName: 'Canis lupus', taxonRank: 'species', vernacularNames: { eng: 'wolf' } }],
    licenses: [
      { name: 'CC0-1.0', scope: 'data' },
      { name: 'CC-BY-4.0', scope: 'media' },
    ],
    resources: [],
    profile: 'mine',
  },
};

it.each<[string, ExportChoice]>([
  ['as it is', {}],
  ['with what a person knows of the project', given],
  ['with rounded places', { locations: [{ kind: 'round', places: 1 }] }],
  ['of one label alone', { labels: ['wolf'] }],
])('is valid: %s', async (_, choice) => {
  const { csv, described } = await write(choice);
  const isValid = profile();
  expect(isValid(described) ? [] : isValid.errors).toEqual([]);
  for (const name of tables)
    expect(misfits(csv[name], publishedJson<TableSchema>(`${name}-table-schema.json`), csv)).toEqual([]);
  expect(parseCsv(csv.media).rows.length).toBeGreaterThan(0);
});

it('is refused by the same checks when a value is wrong, so that they are checks', async () => {
  const { csv, described } = await write();
  const schema = publishedJson<TableSchema>('media-table-schema.json');
  const spoilt = csv.media
    .replace('season:0,', 'season:1,')
    .replace('image/jpeg', 'text/plain')
    .replace('+03:00', '');
  expect(misfits(spoilt, schema, csv).map((line) => line.split(' ')[2])).toEqual([
    'mediaID',
    'timestamp',
    'fileMediatype',
  ]);
  const isValid = profile();
  expect(isValid({ ...described, project: { title: 'x' } })).toBe(false);
  expect(isValid({ ...described, resources: described.resources.slice(1, 2) })).toBe(false);
});

it('has deployments by site and camera, with what is known of them', async () => {
  const { rows } = parseCsv((await write()).csv.deployments);
  expect(rows).toHaveLength(2);
  expect(rows[0]).toMatchObject({
    deploymentID: 'ridge:SN-77',
    locationName: 'ridge',
    latitude: '-1.29',
    longitude: '36.82',
    coordinateUncertainty: '',
    deploymentStart: '2026-05-01T23:59:30+03:00',
    deploymentEnd: '2026-05-02T00:01:30+03:00',
    cameraID: 'SN-77',
    cameraModel: 'Acme-Trail 5',
  });
  expect(rows[1]).toMatchObject({ deploymentID: 'Hide 3:H2', deploymentStart: '2026-05-03T11:00:00+01:00' });
  expect(rows[1]?.['deploymentComments']).toMatch(/clock/u);
  const rounded = await write({ locations: [{ kind: 'round', places: 1 }] });
  expect(parseCsv(rounded.csv.deployments).rows[0]).toMatchObject({
    latitude: '-1.3',
    coordinateUncertainty: '7872',
  });
  expect(rounded.described.coordinatePrecision).toBe(0.1);
});

it('has every photo with its time, path and camera', async () => {
  const { rows } = parseCsv((await write()).csv.media);
  expect(rows.map(({ fileName }) => fileName)).toEqual(season.map(({ name }) => path.basename(name)));
  expect(rows[3]).toMatchObject({
    timestamp: '2026-05-03T11:00:00+01:00',
    mediaComments: "The camera's clock said 2026-05-03T10:00:00.",
  });
  expect(JSON.parse(rows[0]?.['exifData'] ?? '')).toEqual(season[0]!.camera);
  expect(rows[4]?.['filePath']).toBe('hide/%2E%2Eodd "name".JPG');
});

it('has an observation for each box, a blank for nothing, and what a person said in place of the model', async () => {
  const rows = parseCsv((await write(given)).csv.observations).rows.map((row) => ({
    media: row['mediaID'],
    type: row['observationType'],
    name: row['scientificName'],
    by: row['classificationMethod'],
    box: [row['bboxX'], row['bboxY'], row['bboxWidth'], row['bboxHeight']].join(' '),
    score: row['classificationProbability'],
  }));
  const none = { name: '', box: '   ', score: '' };
  expect(rows).toEqual([
    {
      media: 'season:0',
      type: 'animal',
      name: 'Canis lupus',
      by: 'machine',
      box: '0.1 0.2 0.6 0.6',
      score: '0.91',
    },
    { media: 'season:1', type: 'animal', ...none, name: 'Canis lupus', by: 'human' },
    { media: 'season:2', type: 'human', name: '', by: 'machine', box: '0.1 0.2 0.6 0.6', score: '0.8' },
    {
      media: 'season:2',
      type: 'animal',
      name: 'Canis lupus',
      by: 'machine',
      box: '0.3 0.2 0.6 0.6',
      score: '0.91',
    },
    { media: 'season:3', type: 'human', name: '', by: 'machine', box: '0.1 0.2 0.6 0.6', score: '0.8' },
    { media: 'season:4', type: 'blank', ...none, by: 'machine' },
  ]);
});

it('is described by what is known, what a person gives first, and what it is by nobody', async () => {
  const { described, report } = await write(given);
  expect(described).toMatchObject({
    contributors: [{ title: 'A Ranger' }],
    project: { title: 'Ridge survey', samplingDesign: 'targeted', observationLevel: ['media'] },
    temporal: { start: '2026-05-01', end: '2026-05-03' },
    spatial: {
      type: 'MultiPoint',
      coordinates: [
        [36.82, -1.29],
        [37, -1.5],
      ],
    },
  });
  expect(described.resources).toHaveLength(3);
  expect(described.profile).toMatch(/1\.0\.2\/camtrap-dp-profile\.json$/u);
  expect(report).toEqual({ items: 5, faults: 0, leftOut: 0 });
});

it('is the same for the same run, byte for byte', async () => {
  expect(await write(given)).toEqual(await write(given));
});
