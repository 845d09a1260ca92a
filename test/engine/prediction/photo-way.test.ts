import { copyFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { fixture, openTestEngine } from '../../fakes/engine.ts';
import { newFolder } from '../../temp/folder.ts';

/*
 * How often a photo is looked at and hashed on its way, in the engine's process and in the worker's. More than this is a
 * cost for each of a quarter of a million photos on a network drive; less would answer from what is no longer there.
 */
const folder = newFolder('way');
const card = path.join(folder, 'card');
const photo = path.join(card, 'chelsea.png');
const counts = path.join(folder, 'counts');
const counter = new URL('../../fixtures/count-calls.mjs', import.meta.url);
const noted = (): string[] => readFileSync(counts, 'utf8').split('\n').filter(Boolean);

let opened: OpenedEngine;
beforeAll(async () => {
  mkdirSync(card);
  copyFileSync(fixture('photos/chelsea.png'), photo);
  // Long enough ago that its time tells it from a later change.
  utimesSync(photo, 1_700_000_000, 1_700_000_000);
  writeFileSync(counts, '');
  vi.stubEnv('OUTPOST_COUNTED', photo);
  vi.stubEnv('OUTPOST_COUNTS', counts);
  vi.stubEnv('NODE_OPTIONS', `--import=${pathToFileURL(counter.pathname).href}`);
  opened = await openTestEngine();
  await opened.engine.warm();
  await import(counter.href);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await opened.close({ graceMs: 100 });
});
beforeEach(() => writeFileSync(counts, ''));

it('a photo of a card is looked at once and opened once, hashed once, and then known by one look', async () => {
  const answer = async (): Promise<{ readonly cached: boolean }[]> => {
    const found: { readonly cached: boolean }[] = [];
    for await (const item of opened.engine.predictAll({ inputs: [card] }))
      found.push({ cached: 'cached' in item && item.cached });
    return found;
  };
  expect(await answer()).toEqual([{ cached: false }]);
  expect(noted()).toEqual(['engine stat', 'worker open', 'worker digest']);
  writeFileSync(counts, '');
  expect(await answer()).toEqual([{ cached: true }]);
  expect(noted()).toEqual(['engine stat']);
});

it('an upload is hashed once, by the engine alone', async () => {
  const bytes = readFileSync(photo);
  // The same size and other bytes: the last one of a PNG is no part of its picture.
  bytes[bytes.length - 1] = bytes.at(-1)! ^ 1;
  writeFileSync(counts, '');
  const ask = () => opened.engine.predict({ source: { bytes }, name: 'upload.png' });
  const [first, again] = [await ask(), await ask()];
  expect(first.ok && again.ok && [first.value.cached, again.value.cached]).toEqual([false, true]);
  expect(first.ok && again.ok && first.value.digest === again.value.digest).toBe(true);
  expect(noted()).toEqual(['engine digest', 'engine digest']);
});
