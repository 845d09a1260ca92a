import { copyFileSync, mkdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenedEngine } from '../../main/composition/index.ts';
import type { SimilarRequest } from '../../main/engine/index.ts';
import { fixture, openTestEngine } from '../fakes/engine.ts';
import { newFolder } from '../temp/folder.ts';

const folder = newFolder('alike');
const old = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000);
const place = (name: string): string => path.join(folder, name);

/** Old enough for the store to know it by its time. */
function put(from: string, to: string): string {
  mkdirSync(path.dirname(place(to)), { recursive: true });
  copyFileSync(fixture(from), place(to));
  utimesSync(place(to), old, old);
  return place(to);
}

let opened: OpenedEngine;
beforeAll(async () => {
  opened = await openTestEngine();
  put('variants/chelsea.tif', 'card/cat.tif');
  put('variants/chelsea-exif6.jpg', 'card/cat-turned.jpg');
  put('photos/coffee.png', 'card/coffee.png');
  put('variants/coffee.webp', 'card/coffee.webp');
  put('photos/rocket.jpg', 'card/rocket.jpg');
  put('photos/rocket.jpg', 'elsewhere/rocket again.jpg');
});
afterAll(() => opened.close());

const cat = put('photos/chelsea.png', 'cat.png');
const ask = (more: Partial<SimilarRequest> = {}) =>
  opened.engine.similar({ source: { path: cat }, name: 'cat.png', limit: 3, least: 0, ...more });

async function predictAll(): Promise<number> {
  let answered = 0;
  for await (const outcome of opened.engine.predictAll({ inputs: [folder] }))
    answered += 'fault' in outcome ? 0 : 1;
  await opened.store.flush();
  return answered;
}

describe('photos that are alike', () => {
  it('are none while nothing was answered but the photo itself', async () => {
    expect(await ask()).toMatchObject({
      ok: true,
      value: { model: 'efficientnet-lite0', compared: 1, missing: 0, photos: [] },
    });
  });

  it('are found among all that was answered, best first, and the photo is not its own', async () => {
    expect(await predictAll()).toBe(7);
    const found = await ask();
    if (!found.ok) throw new Error(found.fault.message);
    const [first, second, third] = found.value.photos;
    expect([first?.path, second?.path]).toEqual([place('card/cat.tif'), place('card/cat-turned.jpg')]);
    expect(first?.similarity).toBeGreaterThan(0.995);
    expect(second?.similarity).toBeGreaterThan(0.98);
    expect(third?.similarity).toBeLessThan(0.4);
    expect(first?.label).toBe('tiger cat');
    const near = await ask({ least: 0.9, limit: 50 });
    expect(near.ok && near.value.photos).toHaveLength(2);
  });

  it('name the other places of the same bytes', async () => {
    const found = await opened.engine.similar({
      source: { path: place('card/rocket.jpg') },
      name: 'rocket.jpg',
      limit: 1,
      least: 0,
    });
    expect(found.ok && found.value.photos).toMatchObject([
      { path: place('elsewhere/rocket again.jpg'), similarity: 1, copies: [] },
    ]);
  });

  it('are looked for among the photos of a folder, which are answered as well', async () => {
    put('photos/camera.png', 'new/camera.png');
    writeFileSync(place('new/broken.jpg'), 'no picture');
    let seen = 0;
    const found = await opened.engine.similar(
      { source: { path: cat }, name: 'cat.png', limit: 2, least: -1, among: [place('new'), place('card')] },
      { onCompared: ({ compared, faults }) => (seen = compared + faults) },
    );
    if (!found.ok) throw new Error(found.fault.message);
    expect(found.value).toMatchObject({ compared: 6, faults: 1, missing: 0 });
    expect(seen).toBe(7);
    expect(found.value.photos.map((photo) => photo.path)).toEqual([
      place('card/cat.tif'),
      place('card/cat-turned.jpg'),
    ]);
    const stored = await ask({ least: 0.9 });
    const byPath = (photos: readonly { path: string; similarity: number }[]) =>
      photos.map((photo) => [photo.path, photo.similarity]);
    expect(stored.ok && byPath(stored.value.photos)).toEqual(byPath(found.value.photos));
  });

  it('come in groups, the same bytes in two places as well', async () => {
    const groups = await opened.engine.similarGroups({ least: 0.95 });
    if (!groups.ok) throw new Error(groups.fault.message);
    expect(groups.value.groups.map(({ photos }) => photos.map((photo) => path.basename(photo.path)))).toEqual(
      [
        ['cat-turned.jpg', 'cat.tif', 'cat.png'],
        ['coffee.png', 'coffee.webp'],
        ['rocket.jpg', 'rocket again.jpg'],
      ],
    );
    expect(groups.value.groups[0]?.photos[0]?.writtenAt).toBe(old.toISOString());
  });

  it('are left out where the file is gone or another one now, and counted', async () => {
    rmSync(place('card/cat.tif'));
    put('photos/camera.png', 'card/cat-turned.jpg');
    const found = await ask({ least: 0.9 });
    expect(found.ok && found.value).toMatchObject({ missing: 2, photos: [] });
  });

  it('are forgotten with their answers', async () => {
    await opened.store.purge({ all: true });
    const found = await ask({ least: 0.5 });
    expect(found).toMatchObject({ ok: true, value: { compared: 1, missing: 0, photos: [] } });
  });

  it('need a model that has vectors, and a photo that can be read', async () => {
    const without = await ask({ model: 'camera-triage' });
    expect(without).toMatchObject({ ok: false, fault: { code: 'no-feature-vectors' } });
    expect(!without.ok && without.fault.message).toContain('camera-triage@1.0.0');
    const absent = await ask({ source: { path: place('absent.jpg') } });
    expect(absent).toMatchObject({ ok: false, fault: { code: 'file-not-found' } });
    // The model in use may be one without: then the first with vectors compares.
    await opened.engine.settings.set({ model: 'camera-triage' });
    expect(await ask()).toMatchObject({ ok: true, value: { model: 'efficientnet-lite0' } });
  });
});
