// A photo that its EXIF turns gives the boxes of the upright one, digit for digit, in pixels as a person sees it.
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { OpenedEngine } from '../../../../main/composition/index.ts';
import { openTestEngine, root } from '../../../fakes/engine.ts';
import { taken } from '../../../fixtures/taken.ts';
import { newFolder } from '../../../temp/folder.ts';

const sheet = path.join(root, 'models', 'camera-triage', 'samples', 'sheet.jpg');
const folder = newFolder('turned');
const [width, height] = [416, 320];
/** Where the pixel that is seen at x, y is stored, by orientation (EXIF 2.3, tag 0x0112). */
const [right, bottom] = [width - 1, height - 1];
type Place = (x: number, y: number) => readonly [number, number];
const places: Readonly<Record<number, Place>> = {
  1: (x, y) => [x, y],
  2: (x, y) => [right - x, y],
  3: (x, y) => [right - x, bottom - y],
  4: (x, y) => [x, bottom - y],
  5: (x, y) => [y, x],
  6: (x, y) => [y, right - x],
  7: (x, y) => [bottom - y, right - x],
  8: (x, y) => [bottom - y, x],
};

let upright: Buffer;
let opened: OpenedEngine;
beforeAll(async () => {
  upright = await sharp(sheet).resize(width, height, { fit: 'fill' }).removeAlpha().raw().toBuffer();
  opened = await openTestEngine({ override: { workers: 1, threads: 1 } });
});
afterAll(() => opened.close());

async function writeTurned(orientation: number): Promise<string> {
  const [wide, high] = orientation > 4 ? [height, width] : [width, height];
  const stored = Buffer.alloc(upright.length);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const [column, row] = places[orientation]!(x, y);
      upright.copy(stored, (row * wide + column) * 3, (y * width + x) * 3, (y * width + x + 1) * 3);
    }
  const file = path.join(folder, `${orientation}.tif`);
  await sharp(stored, { raw: { width: wide, height: high, channels: 3 } })
    .withMetadata({ orientation })
    .tiff({ compression: 'none' })
    .toFile(file);
  return file;
}
async function boxesOf(orientation: number, model: string) {
  const source = { path: await writeTurned(orientation) };
  const { result } = taken(await opened.engine.predict({ source, name: 'photo', model, useCache: false }));
  if (!('detections' in result)) throw new Error(result.task);
  return result;
}

it.each([2, 3, 4, 5, 6, 7, 8])('orientation %s', async (orientation) => {
  const wanted = await boxesOf(1, 'camera-triage');
  expect(wanted.detections.filter(({ score }) => score >= 0.5).length).toBeGreaterThan(1);
  const found = await boxesOf(orientation, 'camera-triage');
  expect([found.width, found.height]).toEqual([width, height]);
  expect(found.detections).toEqual(wanted.detections);
  expect((await boxesOf(orientation, 'camera-names')).detections).toEqual(
    (await boxesOf(1, 'camera-names')).detections,
  );
});
