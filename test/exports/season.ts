import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import type { Camera } from '../../contract/pictures/camera.ts';
import type { PredictionRecord } from '../../contract/runs/prediction.ts';
import type { Result } from '../../contract/tasks/index.ts';
import { itemTaskOf } from '../../contract/tasks/index.ts';
import { recordRow } from '../../main/store/index.ts';
import type { Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { startRun } from '../fixtures/start-run.ts';
import { stored } from '../fixtures/stored-record.ts';
import { exifBlock, fullBlock, withBlock } from '../worker/exif-blocks.ts';
import { startedAt } from './card.ts';

/*
 * A season of two cameras on disk and in a store: at the ridge one with places and a clock that is right, at the hide one
 * without. The EXIF in the files has the place that the camera facts have.
 */
export const ridge = { latitude: -1.29, longitude: 36.82 };
export type Shot = { readonly name: string; readonly camera: Camera; readonly result: Result };

type Found = { readonly label: string; readonly index: number; readonly score: number };
const boxes = (found: readonly Found[]): Result =>
  ({
    task: 'object-detection',
    width: 100,
    height: 200,
    threshold: 0.5,
    detections: found.map((each, at) => ({ ...each, box: [10 + at * 20, 40, 70 + at * 20, 160] })),
  }) as Result;

const wolf = { label: 'wolf', index: 0, score: 0.91 };
const person = { label: 'person', index: 1, score: 0.8 };
const atRidge = (takenAt: string): Camera => ({
  takenAt,
  offset: '+03:00',
  make: 'Acme',
  model: 'Trail 5',
  serial: 'SN-77',
  orientation: 6,
  ...ridge,
  altitudeM: 1795,
  temperatureC: -3.5,
});
const atHide = (takenAt: string): Camera => ({
  takenAt,
  make: 'RECONYX',
  model: 'HYPERFIRE 2 COVERT',
  serial: 'H2',
});

export const season: readonly Shot[] = [
  { name: 'ridge/DCIM/100ACME_/IMG_1.JPG', camera: atRidge('2026-05-01T23:59:30'), result: boxes([wolf]) },
  { name: 'ridge/DCIM/100ACME_/IMG_2.JPG', camera: atRidge('2026-05-02T00:00:20'), result: boxes([]) },
  {
    name: 'ridge/DCIM/101ACME_/IMG_1.JPG',
    camera: atRidge('2026-05-02T00:01:30'),
    result: boxes([person, wolf]),
  },
  { name: 'hide/IMG_1.JPG', camera: atHide('2026-05-03T10:00:00'), result: boxes([person]) },
  { name: 'hide/..odd "name".JPG', camera: atHide('2026-05-03T10:00:05'), result: boxes([]) },
];

export const seasonDigest = (at: number): `sha256:${string}` => `sha256:${String(at + 1).repeat(64)}`;

/** Writes the photos below `folder` and the run `season` into a store in `data`; the second photo is confirmed as a wolf. */
export async function storeSeason(data: string, folder: string): Promise<Store> {
  const jpeg = await sharp({ create: { width: 200, height: 100, channels: 3, background: '#385' } })
    .jpeg()
    .toBuffer();
  const store = await openTestStore(data);
  await startRun(store, { id: 'season', title: 'Season', version: '1.2.0', startedAt }, folder);
  for (const [at, { name, camera, result }] of season.entries()) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, withBlock(jpeg, exifBlock(fullBlock)));
    const { input: _, cached: __, ...base } = stored;
    const answer: Omit<PredictionRecord, 'input' | 'cached'> = {
      ...base,
      model: 'm',
      version: '1.2.0',
      digest: seasonDigest(at),
      camera,
      result,
    };
    store.putRecord(`sha256:season-${at}`, recordRow(answer), null);
    const first = itemTaskOf(result.task).headline(result);
    const labels =
      itemTaskOf(result.task)
        .found?.(result)
        .counts.map(({ label }) => label) ?? [];
    store.addRunItem(
      {
        run: 'season',
        place: { input: 0, below: name },
        name,
        cached: false,
        key: `sha256:season-${at}`,
        label: first?.label ?? null,
        labels,
        score: first?.score ?? null,
        durationMs: 3,
        fault: null,
        camera,
      },
      { found: at, scanned: true, leftOut: { other: 0, hidden: 0, system: 0 }, elapsedMs: 0 },
    );
  }
  await store.confirm({
    digest: seasonDigest(1),
    model: 'm',
    labelId: 'wolf',
    label: 'wolf',
    path: path.join(folder, season[1]!.name),
    at: startedAt,
  });
  await store.flush();
  return store;
}
