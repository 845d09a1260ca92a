import { chmodSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openEngine } from '../../main/composition/index.ts';
import type { OpenedEngine } from '../../main/composition/index.ts';
import { builtEntry } from '../fixtures/built.ts';
import { makeVersion } from '../fixtures/versions.ts';
import { newFolder } from '../temp/folder.ts';
import { taken } from '../fixtures/taken.ts';

const photo = join(import.meta.dirname, '../fixtures/photos/chelsea.png');
let place: string;
let opened: OpenedEngine;

/** No model came with this Outpost: what a person installs is all there is. */
const open = async (): Promise<OpenedEngine> =>
  openEngine({
    dataFolder: join(place, 'data'),
    modelFolders: [join(place, 'built-in')],
    entries: { worker: await builtEntry('worker'), store: await builtEntry('store') },
    appVersion: '0.1.0',
    override: { allowUnsigned: true, provider: 'cpu', workers: 1, threads: 1 },
    log: () => undefined,
  });
beforeEach(async () => {
  place = newFolder('model-keeper');
  opened = await open();
});
afterEach(async () => {
  await opened.close();
});

const install = async (id: string) =>
  taken(
    await opened.lifecycle.installLocal(
      makeVersion(join(place, id), {
        id: 'efficientnet-lite0',
        version: '1.0.0',
        change: (manifest) => ({ ...manifest, id }),
      }),
    ),
  );
const answering = async () =>
  taken(await opened.engine.predict({ source: { path: photo }, name: 'chelsea.png' })).model;

describe('which model answers when none is named', () => {
  it('stays the same when one that comes first by its name is installed, also after a restart', async () => {
    await install('moths');
    expect(await answering()).toBe('moths');
    await install('ants');
    expect(await answering()).toBe('moths');
    expect((await opened.engine.settings.get()).model).toBe('moths');
    await opened.close();
    opened = await open();
    expect(await answering()).toBe('moths');
  });

  it('is the chosen one again when its pack could not be read for a while', async () => {
    await install('moths');
    await install('ants');
    const folder = join(place, 'data', 'packs', 'moths');
    const version = readdirSync(folder).find((name) => /^1\.0\.0-[0-9a-f]{12}$/u.test(name))!;
    chmodSync(join(folder, version), 0o700);
    const manifest = join(folder, version, 'manifest.json');
    renameSync(manifest, `${manifest}.away`);
    writeFileSync(manifest, 'half a m');
    await opened.rescan();
    // Long enough for a choice to be written down.
    await opened.engine.settings.get();
    await sleep(200);
    expect((await opened.engine.settings.get()).model).toBe('moths');
    renameSync(`${manifest}.away`, manifest);
    await opened.rescan();
    expect(await answering()).toBe('moths');
    rmSync(folder, { recursive: true });
    await opened.rescan();
    await expect.poll(async () => (await opened.engine.settings.get()).model).toBeNull();
  });

  it('is the other when the folder of the chosen one is gone', async () => {
    await install('moths');
    await install('ants');
    const folder = join(place, 'data', 'packs', 'moths');
    // What is installed may not be written to.
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o700);
    rmSync(folder, { recursive: true });
    await opened.rescan();
    await expect.poll(async () => (await opened.engine.settings.get()).model).toBeNull();
    expect(await answering()).toBe('ants');
  });
});
