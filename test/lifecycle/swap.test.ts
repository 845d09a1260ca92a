import { chmodSync, cpSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { PredictionRecord } from '../../contract/runs/prediction.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Timeline } from '../../contract/lifecycle/timeline.ts';
import type { OpenedEngine } from '../../main/composition/index.ts';
import type { WorkerProcess } from '../../main/engine/index.ts';
import { makeVersion } from '../fixtures/versions.ts';
import { newFolder } from '../temp/folder.ts';
import { labelled } from '../fixtures/labelled.ts';
import { taken } from '../fixtures/taken.ts';
import { inLong } from '../long.ts';
import { mark, marked, openVersions } from './open-versions.ts';

const photo = (name: string): string => join(import.meta.dirname, '../fixtures/photos', name);
const photos = ['chelsea.png', 'coffee.png', 'rocket.jpg', 'astronaut.png'] as const;
const model = 'efficientnet-lite0';
let place: string;
let opened: OpenedEngine;
let workers: WorkerProcess[];

const open = (override: Partial<Settings> = {}): Promise<OpenedEngine> =>
  openVersions(join(place, 'data'), { override, workers });
const installed = newFolder('swap');
beforeAll(async () => {
  place = installed;
  workers = [];
  opened = await open();
  const folder = makeVersion(join(place, 'next'), {
    id: model,
    version: '1.1.0',
    files: { 'labels.json': marked },
  });
  taken(await opened.lifecycle.installLocal(folder));
  await opened.close();
});
beforeEach(() => {
  place = newFolder('swap');
  workers = [];
  cpSync(join(installed, 'data'), join(place, 'data'), { recursive: true });
});
afterEach(async () => {
  await opened.close();
});

const ask = (name: string, useCache = false): Promise<Outcome<PredictionRecord>> =>
  opened.engine.predict({ source: { path: photo(name) }, name, useCache });
const isWhole = ({ version, result }: PredictionRecord): boolean =>
  labelled(result).predictions.length > 0 &&
  labelled(result).predictions.every(({ label }) => label.endsWith(mark) === (version === '1.1.0'));
const switchTo = async (version: string): Promise<Timeline> =>
  taken(await opened.lifecycle.switchTo({ model, version }));
const stateOf = (timeline: Timeline, version: string) =>
  timeline.versions.find((each) => each.version === version);

describe('a version that takes over', { timeout: 60_000 }, () => {
  it('fails no request and mixes no answer, while four ask and it is switched again and again', async () => {
    opened = await open();
    const records: PredictionRecord[] = [];
    const faults: string[] = [];
    let isOver = false;
    const client = async (name: string): Promise<void> => {
      while (!isOver) {
        const outcome = await ask(name);
        if (outcome.ok) records.push(outcome.value);
        else faults.push(outcome.fault.code);
      }
    };
    const clients = photos.map(client);
    const afterwards: string[] = [];
    const switches = inLong(20, 6);
    for (let time = 1; time <= switches; time += 1) {
      const version = time % 2 === 1 ? '1.1.0' : '1.0.0';
      const { pointer } = await switchTo(version);
      expect(pointer.active).toBe(version);
      const record = taken(await ask('clock_motion.png'));
      afterwards.push(record.version === version && isWhole(record) ? 'right' : `${time}: ${record.version}`);
    }
    isOver = true;
    await Promise.all(clients);
    expect(faults).toEqual([]);
    expect(records.filter((record) => !isWhole(record))).toEqual([]);
    expect(new Set(records.map(({ version }) => version))).toEqual(new Set(['1.0.0', '1.1.0']));
    expect(records.length).toBeGreaterThan(switches);
    expect(new Set(afterwards)).toEqual(new Set(['right']));
    expect(taken(await opened.lifecycle.show(model)).pointer).toMatchObject({
      active: '1.0.0',
      previous: '1.1.0',
    });
  });

  it('is taken back while it answers; what it was asked before, it still answers', async () => {
    opened = await open();
    await switchTo('1.1.0');
    taken(await ask('coffee.png'));
    const inFlight = photos.map((name) => ask(name));
    const back = taken(await opened.lifecycle.rollBack(model));
    expect(back.pointer).toMatchObject({ active: '1.0.0', previous: null });
    for (const outcome of await Promise.all(inFlight)) expect(isWhole(taken(outcome))).toBe(true);
    const next = taken(await ask('chelsea.png'));
    expect([next.version, isWhole(next)]).toEqual(['1.0.0', true]);
    expect(stateOf(back, '1.1.0')).toMatchObject({
      state: { kind: 'installed' },
      denied: { fault: { code: 'version-denied' } },
    });
  });

  it('stays with the one before it when it is chosen again', async () => {
    opened = await open();
    await switchTo('1.1.0');
    const again = await switchTo('1.1.0');
    expect(again.pointer).toMatchObject({ active: '1.1.0', previous: '1.0.0' });
    expect(stateOf(again, '1.0.0')?.state.kind).toBe('previous');
    expect(taken(await opened.lifecycle.rollBack(model)).pointer.active).toBe('1.0.0');
  });
});

describe('a version whose files are damaged', { timeout: 60_000 }, () => {
  it('is taken back at the next start, and the one before it answers', async () => {
    opened = await open({ canaryItems: 50 });
    await switchTo('1.1.0');
    await opened.close();
    const packs = join(place, 'data', 'packs', model);
    const folder = join(
      packs,
      readdirSync(packs).find((name) => name.startsWith('1.1.0-'))!,
    );
    chmodSync(folder, 0o755);
    for (const name of readdirSync(folder)) if (name.endsWith('.onnx')) rmSync(join(folder, name));
    opened = await open({ canaryItems: 50 });
    const refused = await ask('chelsea.png');
    expect(refused.ok || refused.fault.code).toBe('pack-file-missing');
    await opened.lifecycle.resume();
    const record = taken(await ask('chelsea.png'));
    expect([record.version, isWhole(record)]).toEqual(['1.0.0', true]);
    const timeline = taken(await opened.lifecycle.show(model));
    expect(timeline).toMatchObject({ pointer: { active: '1.0.0', previous: null }, canary: null });
    expect(stateOf(timeline, '1.1.0')).toMatchObject({
      state: { kind: 'failed', from: 'active', fault: { code: 'pack-file-missing' } },
      denied: { fault: { code: 'pack-file-missing' } },
    });
    expect((await opened.lifecycle.switchTo({ model, version: '1.1.0' })).ok).toBe(false);
  });
});

describe('a version that is watched', { timeout: 60_000 }, () => {
  it('counts what it answered itself, not what the store did', async () => {
    opened = await open({ canaryItems: 4 });
    await switchTo('1.1.0');
    const answered = async () => taken(await opened.lifecycle.show(model)).canary?.answered;
    for (const name of ['chelsea.png', 'chelsea.png', 'coffee.png', 'chelsea.png'])
      taken(await ask(name, true));
    expect(await answered()).toBe(2);
    expect((await ask('no-such-photo.png')).ok).toBe(false);
    expect(await answered()).toBe(2);
    taken(await ask('rocket.jpg', true));
    taken(await ask('astronaut.png', true));
    await expect.poll(answered, { timeout: 5000 }).toBeUndefined();
    expect(taken(await opened.lifecycle.show(model)).pointer.active).toBe('1.1.0');
  });

  it('answers its share, and for everybody once it has proved itself', async () => {
    opened = await open({ canaryItems: 3, canaryShare: 0.5 });
    const shared = await switchTo('1.1.0');
    expect(shared.pointer).toMatchObject({ active: '1.0.0', canary: '1.1.0' });
    expect(stateOf(shared, '1.1.0')?.state).toEqual({ kind: 'on-trial', phase: 'canary' });
    const versions: string[] = [];
    for (let time = 0; time < 6; time += 1) {
      const record = taken(await ask(photos[time % 4]!));
      expect(isWhole(record)).toBe(true);
      versions.push(record.version);
    }
    expect(versions).toEqual(['1.0.0', '1.1.0', '1.0.0', '1.1.0', '1.0.0', '1.1.0']);
    const active = async () => taken(await opened.lifecycle.show(model)).pointer;
    await expect
      .poll(active, { timeout: 5000 })
      .toMatchObject({ active: '1.1.0', previous: '1.0.0', canary: null });
    expect(taken(await ask('chelsea.png')).version).toBe('1.1.0');
  });

  it.each([0.5, 1])(
    'with a share of %s, is taken back by itself when its worker dies',
    async (canaryShare) => {
      await opened.close();
      opened = await open({ canaryItems: 50, canaryShare });
      taken(await ask('chelsea.png'));
      const before = workers.length;
      await switchTo('1.1.0');
      // Workers that were started for the new version die from now on, whenever they are there.
      const killer = setInterval(() => {
        for (const worker of workers.slice(before)) worker.kill();
      }, 5);
      const pointer = async () => taken(await opened.lifecycle.show(model)).pointer;
      try {
        const asked = await Promise.all(photos.map((name) => ask(name)));
        const failed = asked.flatMap((outcome) => (outcome.ok ? [] : [outcome.fault.code]));
        expect(failed.length).toBeGreaterThan(0);
        for (const code of failed)
          expect(['worker-crashed', 'model-quarantined', 'model-not-loaded']).toContain(code);
        await expect.poll(pointer, { timeout: 10_000 }).toMatchObject({ active: '1.0.0', canary: null });
      } finally {
        clearInterval(killer);
      }
      for (const name of photos) {
        const record = taken(await ask(name));
        expect([record.version, isWhole(record)]).toEqual(['1.0.0', true]);
      }
      const check = (timeline: Timeline): void => {
        const left = stateOf(timeline, '1.1.0');
        expect(left?.state).toMatchObject({ kind: 'failed', fault: { code: 'canary-crashed' } });
        expect(left?.denied?.fault.code).toBe('canary-crashed');
        expect(timeline.canary).toBeNull();
        expect(timeline.events.find(({ to }) => to === 'failed')?.fault?.code).toBe('canary-crashed');
      };
      check(taken(await opened.lifecycle.show(model)));
      await opened.close();
      opened = await open({ canaryItems: 50, canaryShare });
      check(taken(await opened.lifecycle.show(model)));
      expect(taken(await ask('chelsea.png')).version).toBe('1.0.0');
      const refused = await opened.lifecycle.switchTo({ model, version: '1.1.0' });
      expect(refused.ok || refused.fault.code).toBe('version-not-installed');
    },
  );
});
