import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Timeline } from '../../contract/lifecycle/timeline.ts';
import { openEngine } from '../../main/composition/index.ts';
import type { OpenedEngine } from '../../main/composition/index.ts';
import { builtEntry } from '../fixtures/built.ts';
import { makeVersion, renamed, spoiledGolden } from '../fixtures/versions.ts';
import { newFolder } from '../temp/folder.ts';
import { labelled } from '../fixtures/labelled.ts';
import { taken } from '../fixtures/taken.ts';

const models = join(import.meta.dirname, '../../models');
const photo = (name: string): string => join(import.meta.dirname, '../fixtures/photos', name);
const id = 'efficientnet-lite0';
let place: string;
let opened: OpenedEngine;

const open = async (override = {}): Promise<OpenedEngine> =>
  openEngine({
    dataFolder: join(place, 'data'),
    modelFolders: [models],
    entries: { worker: await builtEntry('worker'), store: await builtEntry('store') },
    appVersion: '0.1.0',
    override: { allowUnsigned: true, provider: 'cpu', workers: 1, threads: 1, ...override },
    log: () => undefined,
  });
beforeEach(async () => {
  place = newFolder('lifecycle');
  opened = await open();
});
afterEach(async () => {
  await opened.close();
});

const states = ({ versions }: Timeline): Record<string, string> =>
  Object.fromEntries(
    versions.map(({ version, state }) => [
      version,
      state.kind === 'on-trial' ? `on-trial ${state.phase}` : state.kind,
    ]),
  );
const ask = async (name: string, model?: string) =>
  taken(
    await opened.engine.predict({
      source: { path: photo(name) },
      name,
      useCache: false,
      ...(model !== undefined && { model }),
    }),
  );
const striped = (version: string) =>
  makeVersion(join(place, version), {
    id,
    version,
    files: { 'labels.json': renamed('tiger cat', 'striped cat') },
  });

describe('the lifecycle of a model', () => {
  it('tries a new version on what was answered, switches, and goes back', async () => {
    for (const name of ['chelsea.png', 'coffee.png']) expect((await ask(name)).version).toBe('1.0.0');
    const installed = taken(await opened.lifecycle.installLocal(striped('1.1.0')));
    expect(states(installed)).toEqual({ '1.0.0': 'active', '1.1.0': 'on-trial waiting' });
    expect(installed.trial).toMatchObject({ basis: 'own', sums: { items: 2, agree: 2, differ: 0 } });
    expect((await ask('chelsea.png')).version).toBe('1.0.0');
    expect(labelled((await ask('chelsea.png', `${id}@1.1.0`)).result).predictions[0]?.label).toBe(
      'striped cat',
    );

    const switched = taken(await opened.lifecycle.switchTo({ model: id, version: '1.1.0' }));
    expect(states(switched)).toEqual({ '1.0.0': 'previous', '1.1.0': 'active' });
    expect(switched.canary).toMatchObject({ version: '1.1.0', share: 1, of: 50 });
    expect(await ask('chelsea.png')).toMatchObject({ version: '1.1.0' });
    expect((await ask('chelsea.png', `${id}@previous`)).version).toBe('1.0.0');
    await opened.close();
    opened = await open();
    expect(await ask('chelsea.png')).toMatchObject({ version: '1.1.0' });

    const back = taken(await opened.lifecycle.rollBack(id));
    expect(states(back)).toEqual({ '1.0.0': 'active', '1.1.0': 'installed' });
    expect(back.versions[0]?.denied?.fault.code).toBe('version-denied');
    expect(await ask('chelsea.png')).toMatchObject({ version: '1.0.0' });
    const again = await opened.lifecycle.rollBack(id);
    expect(again.ok || again.fault.code).toBe('no-previous');
  });

  it('refuses a version whose golden samples are wrong here, and takes its files away', async () => {
    const spoiled = makeVersion(join(place, 'spoiled'), {
      id,
      version: '1.2.0',
      files: { 'golden/golden.json': spoiledGolden },
    });
    const refused = await opened.lifecycle.installLocal(spoiled);
    expect(refused.ok || refused.fault.code).toBe('golden-failed');
    const after = taken(await opened.lifecycle.show(id));
    expect(states(after)).toEqual({ '1.0.0': 'active', '1.2.0': 'failed' });
    expect(opened.library.list().map(({ ref }) => ref)).not.toContain(`${id}@1.2.0`);
    expect((await ask('chelsea.png')).version).toBe('1.0.0');
  });

  it('counts better and worse where a person has said which label is right', async () => {
    const first = await ask('chelsea.png');
    await ask('coffee.png');
    const right = labelled(first.result).predictions[1]!;
    await opened.lifecycle.confirm({
      digest: first.digest,
      model: id,
      labelId: right.id,
      label: right.label,
      path: photo('chelsea.png'),
      at: new Date().toISOString(),
    });
    // The ids of the first two labels trade places: what was wrong becomes right.
    const ids = [labelled(first.result).predictions[0]!.id, right.id];
    const swap = (before: Buffer): Buffer =>
      Buffer.from(
        before
          .toString('utf8')
          .replaceAll(ids[0]!, '#')
          .replaceAll(ids[1]!, ids[0]!)
          .replaceAll('#', ids[1]!),
      );
    const folder = makeVersion(join(place, 'swapped'), {
      id,
      version: '1.1.0',
      files: { 'labels.json': swap },
    });
    const { trial } = taken(await opened.lifecycle.installLocal(folder));
    expect(trial).toMatchObject({ basis: 'own', sums: { items: 2, better: 1, worse: 0, agree: 1 } });
    const { items } = await opened.lifecycle.trialItems({
      id: trial!.id,
      verdict: 'better',
      offset: 0,
      limit: 10,
    });
    expect(items.map(({ name }) => name)).toEqual(['chelsea.png']);
  });

  it('installs no unsigned pack unless settings allow it', async () => {
    await opened.close();
    opened = await open({ allowUnsigned: false });
    const folder = striped('1.1.0');
    const preview = taken(await opened.lifecycle.preview(folder));
    expect(preview).toMatchObject({ kind: 'pack', installed: '1.0.0', fault: { code: 'pack-unsigned' } });
    const refused = await opened.lifecycle.installLocal(folder);
    expect(refused.ok || refused.fault.code).toBe('pack-unsigned');
    expect(opened.library.list().map(({ ref }) => ref)).toEqual([
      'camera-names@1.0.0',
      'camera-triage@1.0.0',
      `${id}@1.0.0`,
      'tensor-demo@1.0.0',
    ]);
  });
});
