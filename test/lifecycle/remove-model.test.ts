import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Outcome } from '../../contract/faults/faults.ts';
import { openEngine } from '../../main/composition/index.ts';
import type { OpenedEngine } from '../../main/composition/index.ts';
import { builtEntry } from '../fixtures/built.ts';
import { makeVersion } from '../fixtures/versions.ts';
import { newFolder } from '../temp/folder.ts';
import { taken } from '../fixtures/taken.ts';

const photos = join(import.meta.dirname, '../fixtures/photos');
const model = 'field-classes';
let place: string;
let opened: OpenedEngine;

const pack = (version: string): string =>
  makeVersion(join(place, version), {
    id: 'efficientnet-lite0',
    version,
    change: (manifest) => ({ ...manifest, id: model, title: 'Field classes' }),
  });
const folderOf = (): string => join(place, 'data', 'packs', model);
const ask = (name: string) => opened.engine.predict({ source: { path: join(photos, name) }, name, model });
const codeOf = (outcome: Outcome<unknown>): string => (outcome.ok ? 'ok' : outcome.fault.code);

beforeEach(async () => {
  place = newFolder('remove');
  opened = await openEngine({
    dataFolder: join(place, 'data'),
    modelFolders: [join(import.meta.dirname, '../../models')],
    entries: { worker: await builtEntry('worker'), store: await builtEntry('store') },
    appVersion: '0.1.0',
    override: { allowUnsigned: true, provider: 'cpu', workers: 1, threads: 1, canaryItems: 5, trialItems: 0 },
    offeredProviders: ['cpu'],
    log: () => undefined,
  });
});
afterEach(async () => {
  await opened.close();
  spawnSync('chmod', ['-R', 'u+w', place]);
});

it('takes every version off the disk after its run has ended, and leaves what was answered and confirmed', async () => {
  taken(await opened.lifecycle.installLocal(pack('1.0.0')));
  taken(await opened.lifecycle.installLocal(pack('1.1.0')));
  taken(await opened.lifecycle.switchTo({ model, version: '1.1.0' }));
  const { digest } = taken(await ask('chelsea.png'));
  const at = new Date().toISOString();
  const path = join(photos, 'chelsea.png');
  await opened.lifecycle.confirm({ digest, model, labelId: 'cat', label: 'cat', path, at });

  const card = join(place, 'card');
  mkdirSync(card);
  for (let n = 0; n < 300; n += 1) copyFileSync(join(photos, 'coffee.png'), join(card, `${n}.png`));
  const run = taken(
    await opened.engine.runs.start({ title: 'card', inputs: [card], model, useCache: false }),
  );
  const now = async () => taken(await opened.engine.runs.get(run.id));
  await expect.poll(async () => (await now()).counts.answered, { timeout: 30_000 }).toBeGreaterThan(1);

  const timeline = taken(await opened.lifecycle.removeModel(model));
  expect(timeline.versions.map(({ state }) => state.kind)).toEqual(['swept', 'swept']);
  const ended = await now();
  expect(ended.kind).toBe('stopped');
  expect(ended.counts.answered).toBeLessThan(300);
  expect(ended.counts.faults).toBe(0);
  expect(existsSync(join(folderOf(), 'pointer.json'))).toBe(false);
  expect(opened.library.list().filter(({ manifest }) => manifest.id === model)).toEqual([]);
  expect(codeOf(await ask('chelsea.png'))).toBe('model-not-found');
  expect(await opened.lifecycle.confirmed(digest, model)).toMatchObject({ label: 'cat' });
  expect(timeline.versions.map(({ answers }) => answers).reduce((sum, n) => sum + n, 0)).toBeGreaterThan(1);

  // Put back, it is tried as a new model is, and its history goes on.
  const back = taken(await opened.lifecycle.installLocal(pack('1.1.0')));
  expect(back.versions.map(({ version, state }) => `${version} ${state.kind}`)).toEqual([
    '1.1.0 active',
    '1.0.0 swept',
  ]);
  expect(back.events.some(({ to }) => to === 'swept')).toBe(true);
  expect(codeOf(await ask('coffee.png'))).toBe('ok');
});

it('never takes what came with Outpost, lies elsewhere or is not there', async () => {
  expect(codeOf(await opened.lifecycle.removeModel('efficientnet-lite0'))).toBe('model-built-in');
  expect(codeOf(await opened.lifecycle.removeModel('no-such-model'))).toBe('model-not-found');
  await opened.close();
  makeVersion(join(place, 'models', 'here'), {
    id: 'efficientnet-lite0',
    version: '1.0.0',
    change: (manifest) => ({ ...manifest, id: model }),
  });
  opened = await openEngine({
    dataFolder: join(place, 'data'),
    modelFolders: [
      join(import.meta.dirname, '../../models'),
      { path: join(place, 'models'), trust: 'local' },
    ],
    entries: { worker: await builtEntry('worker'), store: await builtEntry('store') },
    appVersion: '0.1.0',
    log: () => undefined,
  });
  expect(codeOf(await opened.lifecycle.removeModel(model))).toBe('model-elsewhere');
  expect(existsSync(join(place, 'models', 'here', 'manifest.json'))).toBe(true);
  expect(codeOf(await opened.lifecycle.removeModel('efficientnet-lite0'))).toBe('model-built-in');
});
