import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { Settings } from '../../contract/settings.ts';
import { openEngine } from '../../main/composition/index.ts';
import type { OpenedEngine } from '../../main/composition/index.ts';
import { builtEntry } from '../fixtures/built.ts';
import { makeVersion } from '../fixtures/versions.ts';
import { newFolder } from '../temp/folder.ts';
import { taken } from '../fixtures/taken.ts';

/* The window runs; beside it the command line opens the same data folder, changes something and ends. */
const root = join(import.meta.dirname, '../..');
const photo = join(root, 'test/fixtures/photos/chelsea.png');
const id = 'efficientnet-lite0';
// Each test starts four engines or more, with workers and a model of 18 MB.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });
/** What is looked at each second, on a machine that has other things to do. */
const soonMs = 30_000;
let place: string;
let running: OpenedEngine;

const open = async (override: Partial<Settings> = {}): Promise<OpenedEngine> =>
  openEngine({
    dataFolder: join(place, 'data'),
    modelFolders: [join(root, 'models')],
    entries: { worker: await builtEntry('worker'), store: await builtEntry('store') },
    appVersion: '0.1.0',
    override: { allowUnsigned: true, provider: 'cpu', workers: 1, threads: 1, trialItems: 0, ...override },
    offeredProviders: ['cpu'],
    log: () => undefined,
  });
beforeEach(async () => {
  place = newFolder('beside');
  running = await open();
  await running.lifecycle.resume();
});
afterEach(async () => {
  await running.close();
});

async function beside<T>(work: (other: OpenedEngine) => Promise<Outcome<T>>, override = {}): Promise<T> {
  const other = await open(override);
  try {
    return taken(await work(other));
  } finally {
    await other.close();
  }
}
const answering = async (): Promise<string> =>
  taken(
    await running.engine.predict({
      source: { path: photo },
      name: 'chelsea.png',
      model: id,
      useCache: false,
    }),
  ).version;
const shown = async () => taken(await running.lifecycle.show(id));
const folder = (version: string) => makeVersion(join(place, version), { id, version });

it('what another process installs, switches to and takes back holds here soon', async () => {
  expect(await answering()).toBe('1.0.0');
  await beside(({ lifecycle }) => lifecycle.installLocal(folder('1.1.0')));
  const states = async () => (await shown()).versions.map(({ version, state }) => `${version} ${state.kind}`);
  await expect.poll(states, { timeout: soonMs }).toEqual(['1.1.0 on-trial', '1.0.0 active']);

  await beside(({ lifecycle }) => lifecycle.switchTo({ model: id, version: '1.1.0' }));
  await expect.poll(async () => (await shown()).pointer.active, { timeout: soonMs }).toBe('1.1.0');
  expect(await answering()).toBe('1.1.0');
  // The first answers of the new version are watched here, where they are given.
  expect((await shown()).canary).toMatchObject({ version: '1.1.0', answered: 1 });

  await beside(({ lifecycle }) => lifecycle.rollBack(id));
  await expect.poll(async () => (await shown()).pointer.active, { timeout: soonMs }).toBe('1.0.0');
  expect(await answering()).toBe('1.0.0');
  expect(await shown()).toMatchObject({ canary: null, pointer: { previous: null } });
});

it('a share of the answers ends here when another process takes the version back', async () => {
  taken(await running.lifecycle.installLocal(folder('1.1.0')));
  await beside(({ lifecycle }) => lifecycle.switchTo({ model: id, version: '1.1.0' }), { canaryShare: 0.5 });
  await expect.poll(async () => (await shown()).canary?.share, { timeout: soonMs }).toBe(0.5);
  const both = [await answering(), await answering(), await answering(), await answering()];
  expect(both).toEqual(['1.0.0', '1.1.0', '1.0.0', '1.1.0']);
  await beside(({ lifecycle }) => lifecycle.rollBack(id));
  await expect.poll(async () => (await shown()).canary, { timeout: soonMs }).toBeNull();
  const after = [await answering(), await answering(), await answering()];
  expect(after).toEqual(['1.0.0', '1.0.0', '1.0.0']);
});

it('two processes that change the same model at the same instant take turns', async () => {
  taken(await running.lifecycle.installLocal(folder('1.1.0')));
  taken(await running.lifecycle.installLocal(folder('1.2.0')));
  const other = await open();
  try {
    const done = await Promise.all([
      running.lifecycle.switchTo({ model: id, version: '1.1.0' }),
      other.lifecycle.switchTo({ model: id, version: '1.2.0' }),
      running.lifecycle.setPolicy('tensor-demo', { kind: 'all' }),
      other.lifecycle.setPolicy(id, { kind: 'all' }),
    ]);
    for (const outcome of done) taken(outcome);
  } finally {
    await other.close();
  }
  const active = async () => {
    const { pointer, versions } = await shown();
    const kinds = versions.filter(({ state }) => state.kind === 'active').map(({ version }) => version);
    return kinds.length === 1 && kinds[0] === pointer.active && pointer.seq;
  };
  await expect.poll(active, { timeout: soonMs }).toBe(3);
  expect(await answering()).toBe((await shown()).pointer.active);
  expect((await shown()).policy).toEqual({ kind: 'all' });
});
