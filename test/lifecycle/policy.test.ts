import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Timeline } from '../../contract/lifecycle/timeline.ts';
import type { CheckReport } from '../../contract/lifecycle/update.ts';
import { openEngine } from '../../main/composition/index.ts';
import type { OpenEngineOptions } from '../../main/composition/index.ts';
import type { OpenedEngine } from '../../main/composition/index.ts';
import { builtEntry } from '../fixtures/built.ts';
import { makeVersion } from '../fixtures/versions.ts';
import { newFolder } from '../temp/folder.ts';
import { taken } from '../fixtures/taken.ts';

const models = join(import.meta.dirname, '../../models');
const model = 'tensor-demo';
let place: string;
let opened: OpenedEngine;
const others: OpenedEngine[] = [];

async function open(
  override: Partial<Settings> = {},
  options: Partial<OpenEngineOptions> = {},
): Promise<OpenedEngine> {
  return openEngine({
    dataFolder: join(place, 'data'),
    modelFolders: [models],
    entries: { worker: await builtEntry('worker'), store: await builtEntry('store') },
    appVersion: '0.1.0',
    override: { allowUnsigned: true, provider: 'cpu', workers: 1, threads: 1, canaryItems: 0, ...override },
    offeredProviders: ['cpu'],
    log: () => undefined,
    ...options,
  });
}
beforeEach(async () => {
  place = newFolder('policy');
  opened = await open();
});
afterEach(async () => {
  for (const other of others.splice(0)) await other.close();
  await opened.close();
});

const refused = (outcome: Outcome<unknown>): unknown => outcome.ok || outcome.fault.code;
const install = async (version: string): Promise<Timeline> =>
  taken(await opened.lifecycle.installLocal(makeVersion(join(place, version), { version })));
/** Installed, tried, and set aside. */
const keep = async (version: string): Promise<Timeline> => {
  await install(version);
  return taken(await opened.lifecycle.keep({ model, version }));
};
const states = ({ versions }: Timeline): Record<string, string> =>
  Object.fromEntries(versions.map(({ version, state }) => [version, state.kind]));
const onDisk = (): readonly string[] =>
  opened.library
    .list()
    .flatMap(({ manifest }) => (manifest.id === model ? [manifest.version] : []))
    .sort();

const at = '2026-11-20T00:00:00.000Z';
/** What a feed says that has one new version. */
const report: CheckReport = {
  source: 'feed',
  at,
  publisher: 'Northfield',
  dates: { issuedAt: at, expiresAt: at, isExpired: false },
  withheld: [],
  revoked: [],
  offers: [
    {
      model,
      version: '2.0.0',
      digest: `sha256:${'a'.repeat(64)}`,
      title: 'Tensor demo',
      summary: '',
      licence: 'Apache-2.0',
      note: '',
      size: 1,
      deltaSize: null,
      unpackedSize: 1,
      publishedAt: at,
      signer: { name: 'Northfield', key: '0'.repeat(16), at },
    },
  ],
};

describe('which version answers', () => {
  it('is the pinned one, whatever arrives, also after a restart', async () => {
    await keep('1.1.0');
    const pinned = taken(await opened.lifecycle.setPolicy(model, { kind: 'specific', version: '1.1.0' }));
    expect(pinned).toMatchObject({
      policy: { kind: 'specific', version: '1.1.0' },
      pointer: { active: '1.1.0', previous: '1.0.0' },
    });
    const arrived = await install('1.2.0');
    expect([arrived.pointer.active, states(arrived)['1.2.0']]).toEqual(['1.1.0', 'on-trial']);
    await opened.close();
    opened = await open();
    expect(taken(opened.library.find(model)).ref).toBe(`${model}@1.1.0`);
    expect(taken(await opened.lifecycle.show(model)).policy).toEqual(pinned.policy);
    // Who switches by hand means the new one.
    const switched = taken(await opened.lifecycle.switchTo({ model, version: '1.2.0' }));
    expect(switched.policy).toEqual({ kind: 'specific', version: '1.2.0' });
    const back = taken(await opened.lifecycle.rollBack(model));
    expect([back.pointer.active, back.policy]).toEqual(['1.1.0', { kind: 'specific', version: '1.1.0' }]);
    const latest = taken(await opened.lifecycle.setPolicy(model, { kind: 'latest' }));
    expect([latest.pointer.active, latest.policy]).toEqual(['1.1.0', { kind: 'latest' }]);
  });

  it('cannot be one that is not here, or of a model that is not', async () => {
    const wanted = { kind: 'specific', version: '9.0.0' } as const;
    expect(refused(await opened.lifecycle.setPolicy(model, wanted))).toBe('version-not-installed');
    expect(refused(await opened.lifecycle.setPolicy('no-such-model', { kind: 'all' }))).toBe(
      'model-not-found',
    );
    expect(taken(await opened.lifecycle.show(model)).policy).toEqual({ kind: 'latest' });
  });

  it('is fetched by itself only where none is pinned', async () => {
    const asked: string[] = [];
    const fetcher: OpenEngineOptions['fetcher'] = {
      check: () => {
        asked.push('check');
        return Promise.resolve(ok(report));
      },
      fetch: () => {
        asked.push('fetch');
        return Promise.resolve(failed('cancelled'));
      },
    };
    await opened.close();
    opened = await open({ updateMode: 'automatic', feed: 'http://127.0.0.1:1/feed' }, { fetcher });
    taken(await opened.lifecycle.setPolicy(model, { kind: 'specific', version: '1.0.0' }));
    await opened.lifecycle.resume();
    await expect.poll(() => asked).toEqual(['check']);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(asked).toEqual(['check']);
    taken(await opened.lifecycle.setPolicy(model, { kind: 'latest' }));
    await opened.lifecycle.resume();
    await expect.poll(() => asked.at(-1)).toBe('fetch');
  });
});

describe('what stays on this computer', () => {
  it('is so many versions as are kept, and those that are needed', async () => {
    await opened.close();
    opened = await open({ keepVersions: 2 });
    for (const version of ['1.1.0', '1.2.0']) await keep(version);
    expect(onDisk()).toEqual(['1.0.0', '1.1.0', '1.2.0']);
    const third = await keep('1.3.0');
    expect(onDisk()).toEqual(['1.0.0', '1.2.0', '1.3.0']);
    expect(states(taken(await opened.lifecycle.show(model)))).toMatchObject({
      '1.0.0': 'active',
      '1.1.0': 'swept',
    });
    expect(third.pointer.active).toBe('1.0.0');
    // Old as they are: one answers, and one did before.
    taken(await opened.lifecycle.switchTo({ model, version: '1.2.0' }));
    for (const version of ['1.4.0', '1.5.0']) await keep(version);
    expect(onDisk()).toEqual(['1.0.0', '1.2.0', '1.4.0', '1.5.0']);
    expect(opened.library.find(`${model}@previous`)).toMatchObject({ value: { ref: `${model}@1.0.0` } });
    const { events } = taken(await opened.lifecycle.show(model));
    expect(events.filter(({ to }) => to === 'swept').map(({ version }) => version)).toEqual([
      '1.3.0',
      '1.1.0',
    ]);
  });

  it('is every version where all are wanted', async () => {
    await opened.close();
    opened = await open({ keepVersions: 2 });
    taken(await opened.lifecycle.setPolicy(model, { kind: 'all' }));
    for (const version of ['1.1.0', '1.2.0', '1.3.0', '1.4.0']) await keep(version);
    expect(onDisk()).toEqual(['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0']);
  });

  it('is what cannot be removed: a version that answers, is tried, or came with Outpost', async () => {
    const remove = (version: string) => opened.lifecycle.remove({ model, version });
    expect(refused(await remove('1.0.0'))).toBe('version-in-use');
    expect(refused(await remove('1.1.0'))).toBe('version-not-installed');
    await install('1.1.0');
    expect(refused(await remove('1.1.0'))).toBe('lifecycle-step');
    taken(await opened.lifecycle.switchTo({ model, version: '1.1.0' }));
    expect(refused(await remove('1.1.0'))).toBe('version-in-use');
    expect(refused(await remove('1.0.0'))).toBe('lifecycle-step');
    await keep('1.2.0');
    taken(await opened.lifecycle.switchTo({ model, version: '1.2.0' }));
    const removed = taken(await remove('1.1.0'));
    expect(states(removed)).toMatchObject({ '1.2.0': 'active', '1.1.0': 'swept' });
    expect([removed.pointer.previous, onDisk()]).toEqual([null, ['1.0.0', '1.2.0']]);
    expect(refused(await opened.lifecycle.rollBack(model))).toBe('no-previous');
  });
});

describe('a version on another computer', () => {
  it('is the same to the byte, and the first of its model answers once it was tried', async () => {
    await install('1.1.0');
    const file = join(place, 'tensor-demo-1.1.0.outpack');
    expect(taken(await opened.lifecycle.exportTo({ model, version: '1.1.0' }, file)).size).toBeGreaterThan(
      1000,
    );
    const there = await open({}, { dataFolder: join(place, 'there'), modelFolders: [] });
    others.push(there);
    expect(await there.lifecycle.preview(file)).toMatchObject({
      value: { kind: 'pack', model, version: '1.1.0', installed: null, fault: null },
    });
    const timeline = taken(await there.lifecycle.installLocal(file));
    expect(states(timeline)).toEqual({ '1.1.0': 'active' });
    expect(timeline.pointer).toEqual({ seq: 1, active: '1.1.0', previous: null, canary: null });
    expect(timeline.events.map(({ to }) => to)).toEqual(['active', 'on-trial golden', 'installed']);
    const here = taken(await opened.lifecycle.show(model)).versions[0];
    expect(timeline.versions[0]?.digest).toBe(here?.digest);
    const golden = timeline.versions[0]?.golden;
    expect([golden?.passed, (golden?.total ?? 0) > 0]).toEqual([golden?.total, true]);
    expect(refused(await there.lifecycle.installLocal(file))).toBe('lifecycle-step');
    expect(taken(await there.engine.models.verify(model)).passed).toBe(true);
  });

  it('is told to another process on the same data', async () => {
    await install('1.1.0');
    taken(await opened.lifecycle.switchTo({ model, version: '1.1.0' }));
    const beside = await open();
    others.push(beside);
    await beside.lifecycle.resume();
    expect(taken(beside.library.find(model)).ref).toBe(`${model}@1.1.0`);
    taken(await opened.lifecycle.rollBack(model));
    const active = () => taken(beside.library.find(model)).ref;
    await expect.poll(active, { interval: 20 }).toBe(`${model}@1.0.0`);
    const seen = taken(await beside.lifecycle.show(model));
    expect([states(seen), seen.versions[0]?.denied?.fault.code]).toEqual([
      { '1.0.0': 'active', '1.1.0': 'installed' },
      'version-denied',
    ]);
    const listed = (await beside.engine.models.list()).filter(({ id }) => id === model);
    expect(listed.map(({ version, label }) => [version, label])).toContainEqual(['1.0.0', 'stable']);
  });
});
