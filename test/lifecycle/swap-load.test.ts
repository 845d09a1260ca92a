import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openEngine } from '../../main/composition/index.ts';
import type { OpenedEngine } from '../../main/composition/index.ts';
import { builtEntry } from '../fixtures/built.ts';
import { makeVersion, renamed } from '../fixtures/versions.ts';
import { newFolder } from '../temp/folder.ts';
import { labelled } from '../fixtures/labelled.ts';
import { taken } from '../fixtures/taken.ts';
import { inLong } from '../long.ts';

const root = join(import.meta.dirname, '../..');
const photo = join(root, 'test/fixtures/photos/chelsea.png');
const id = 'efficientnet-lite0';
const swaps = inLong(20, 8);
let place: string;
let opened: OpenedEngine;

beforeEach(async () => {
  place = newFolder('swaps');
  opened = await openEngine({
    dataFolder: join(place, 'data'),
    modelFolders: [join(root, 'models')],
    entries: { worker: await builtEntry('worker'), store: await builtEntry('store') },
    appVersion: '0.1.0',
    override: { allowUnsigned: true, provider: 'cpu', workers: 1, threads: 1, trialItems: 0 },
    offeredProviders: ['cpu'],
    log: () => undefined,
  });
});
afterEach(async () => {
  await opened.close();
});

it(`${swaps} swaps while 4 clients ask: none is failed, none gets one version under the name of the other`, async () => {
  const { engine, lifecycle } = opened;
  const folder = makeVersion(join(place, 'next'), {
    id,
    version: '1.1.0',
    files: { 'labels.json': renamed('tiger cat', 'striped cat') },
  });
  taken(await lifecycle.installLocal(folder));
  const own: Readonly<Record<string, string>> = { '1.0.0': 'tiger cat', '1.1.0': 'striped cat' };
  const ask = (model: string, useCache: boolean) =>
    engine.predict({
      source: { path: photo },
      name: 'chelsea.png',
      model,
      useCache,
      priority: 'interactive',
    });

  const pinned = `${id}@1.0.0`;
  const failures: string[] = [];
  const mistaken: string[] = [];
  const answers: Record<string, number> = { '1.0.0': 0, '1.1.0': 0 };
  let isOver = false;
  /** Three ask for whatever answers, one of them with the store's answers; the fourth asks for a version by number. */
  const client = async (model: string, useCache: boolean): Promise<void> => {
    while (!isOver) {
      const outcome = await ask(model, useCache);
      if (!outcome.ok) {
        failures.push(`${outcome.fault.code}: ${outcome.fault.message}`);
        continue;
      }
      const { version, result } = outcome.value;
      answers[version] = (answers[version] ?? 0) + 1;
      const isAsked = model !== pinned || version === '1.0.0';
      const label = labelled(result).predictions[0]?.label;
      if (!isAsked || label !== own[version]) mistaken.push(`${model}: ${label} by ${version}`);
    }
  };
  const clients = [client(id, false), client(id, false), client(`${id}@stable`, true), client(pinned, false)];
  const after: (string | undefined)[] = [];
  for (let turn = 0; turn < swaps; turn += 1) {
    const isForward = turn % 2 === 0;
    taken(
      isForward ? await lifecycle.switchTo({ model: id, version: '1.1.0' }) : await lifecycle.rollBack(id),
    );
    // Who asks after a swap is answered by the version that was switched to.
    after.push(taken(await ask(id, false)).version);
  }
  isOver = true;
  await Promise.all(clients);

  expect([failures, mistaken]).toEqual([[], []]);
  expect(after).toEqual(Array.from({ length: swaps }, (_, turn) => (turn % 2 === 0 ? '1.1.0' : '1.0.0')));
  expect(Object.keys(answers).sort()).toEqual(['1.0.0', '1.1.0']);
  expect(Math.min(...Object.values(answers))).toBeGreaterThanOrEqual(swaps);
}, 240_000);
