import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TrialReport } from '../../../contract/lifecycle/trial.ts';
import type { TrialProgress } from '../../../contract/lifecycle/trial.ts';
import { createComparison, verdictOf } from '../../../main/lifecycle/comparison/comparison.ts';
import type { ComparisonParts } from '../../../main/lifecycle/comparison/comparison.ts';
import { openEngine } from '../../../main/composition/index.ts';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { builtEntry } from '../../fixtures/built.ts';
import { makeVersion } from '../../fixtures/versions.ts';
import { newFolder } from '../../temp/folder.ts';
import { taken } from '../../fixtures/taken.ts';

const photos = join(import.meta.dirname, '../../fixtures/photos');
const model = 'efficientnet-lite0';
const [tigerCat, egyptianCat] = ['n02123159', 'n02124075'];
const versions = { model, from: '1.0.0', to: '1.1.0' };
const names = ['camera.png', 'chelsea.png', 'coffee.png'] as const;
let place: string;
let opened: OpenedEngine;

/** The ids of two labels trade places: what was the one is the other. */
const traded =
  (one: string, other: string) =>
  (before: Buffer): Buffer =>
    Buffer.from(before.toString('utf8').replaceAll(one, '#').replaceAll(other, one).replaceAll('#', other));
const inputs = (): string => join(place, 'inputs');
const parts = (): ComparisonParts => ({
  store: opened.store,
  predict: (request, options) => opened.engine.predict(request, options),
  labelCount: () => Promise.resolve(1000),
  golden: () => Promise.resolve(null),
  memory: () => Promise.resolve(null),
});
const quiet = { signal: new AbortController().signal, onProgress: () => undefined };

beforeAll(async () => {
  place = newFolder('verdict');
  // chelsea is taken for a tiger cat, and then for an Egyptian cat.
  const labels = traded(tigerCat, egyptianCat);
  makeVersion(join(place, 'next'), { id: model, version: '1.1.0', files: { 'labels.json': labels } });
  mkdirSync(inputs());
  const lastYear = new Date(Date.now() - 3e10);
  for (const name of names) {
    copyFileSync(join(photos, name), join(inputs(), name));
    // What was written this very second may be written again, and is not remembered by its times.
    utimesSync(join(inputs(), name), lastYear, lastYear);
  }
  writeFileSync(join(inputs(), 'broken.png'), 'no picture');
  opened = await openEngine({
    dataFolder: join(place, 'data'),
    modelFolders: [
      join(import.meta.dirname, '../../../models'),
      { path: join(place, 'next'), trust: 'local' },
    ],
    entries: { worker: await builtEntry('worker'), store: await builtEntry('store') },
    appVersion: '0.1.0',
    override: { provider: 'cpu', workers: 1, threads: 1 },
    log: () => undefined,
  });
});
afterAll(async () => {
  await opened.close();
});

describe('what a new version does to an item', () => {
  it.each([
    [null, 'a', 'a', 'agree'],
    [null, 'a', 'b', 'differ'],
    [null, 'a', null, 'differ'],
    [null, null, 'b', 'differ'],
    ['a', 'a', 'a', 'right'],
    ['a', 'b', 'a', 'better'],
    ['a', null, 'a', 'better'],
    ['a', 'a', 'b', 'worse'],
    ['a', 'a', null, 'worse'],
    // Both wrong, alike or each in its way: neither is better, and they do not agree on what is right.
    ['a', 'b', 'b', 'wrong'],
    ['a', 'b', 'c', 'wrong'],
    ['a', 'b', null, 'wrong'],
    // Confirmed to be empty: finding nothing is right, and giving no answer is not.
    ['', 'a', '', 'better'],
    ['', '', null, 'worse'],
  ] as const)('confirmed %s, before %s, after %s: %s', (truth, before, after, verdict) => {
    expect(verdictOf(truth, before, after)).toBe(verdict);
  });
});

async function confirm(name: string, labelId: string): Promise<string> {
  const { digest } = taken(await opened.engine.predict({ source: { path: join(inputs(), name) }, name }));
  const at = new Date().toISOString();
  await opened.lifecycle.confirm({ digest, model, labelId, label: labelId, path: join(inputs(), name), at });
  return digest;
}

describe('two versions over the same photos', () => {
  it("without a person's word agree or differ, and a file that is none is missing", async () => {
    const reported: TrialProgress[] = [];
    const request = { ...versions, inputs: [inputs()] };
    const hooks = { ...quiet, onProgress: (progress: TrialProgress) => reported.push(progress) };
    const report = taken(await createComparison(parts()).compare(request, hooks));
    expect(TrialReport.parse(report)).toEqual(report);
    expect(report).toMatchObject({ ...versions, basis: 'files', missing: 1, labelsWithout: 997 });
    expect(report.sums).toEqual({ items: 3, right: 0, better: 0, worse: 0, wrong: 0, agree: 2, differ: 1 });
    expect(report.rows.map(({ items }) => items)).toEqual([1, 1, 1]);
    expect(report.rows.find(({ labelId }) => labelId === tigerCat)).toMatchObject({
      label: 'tiger cat',
      differ: 1,
    });
    expect(report.sides.from.medianMs).toBeGreaterThan(0);
    expect(report.sides.to.medianMs).toBeGreaterThan(0);
    expect(reported.map(({ done }) => done)).toEqual([0, 1, 2, 3, 4]);
    expect(new Set(reported.map(({ total }) => total))).toEqual(new Set([4]));
    const { items, total } = await opened.store.trialItems({
      id: report.id,
      verdict: 'differ',
      offset: 0,
      limit: 9,
    });
    expect([total, items[0]?.name, items[0]?.from?.id, items[0]?.to?.id]).toEqual([
      1,
      'chelsea.png',
      tigerCat,
      egyptianCat,
    ]);
    expect(await opened.store.trial(model, '1.1.0')).toEqual(report);
    // The same through the public interface of the lifecycle; what is stored is not asked for again.
    const again = taken(await opened.lifecycle.compare(request));
    expect(again.sums).toEqual(report.sums);
    expect(again.sides.from.golden).toBeNull();
  });

  it("with a person's word get better or worse, over the very bytes it was said of", async () => {
    const shadow = async (items = 10) =>
      taken(await createComparison(parts()).shadow({ ...versions, items }, quiet));
    expect(await shadow()).toMatchObject({ basis: 'own', sums: { items: 3, agree: 2, differ: 1 } });
    const digest = await confirm('chelsea.png', egyptianCat!);
    await confirm('coffee.png', 'n07920052');
    // The third was answered and not confirmed: it fills up, and is counted apart.
    const filled = await shadow();
    expect(filled).toMatchObject({
      sums: { items: 3, right: 1, better: 1, worse: 0, wrong: 0, agree: 1, differ: 0 },
      missing: 0,
    });
    const kinds = filled.rows.map(({ better, right, agree }) => `${better} ${right} ${agree}`);
    expect(new Set(kinds.slice(0, 2))).toEqual(new Set(['1 0 0', '0 1 0']));
    expect(kinds.slice(2)).toEqual(['0 0 1']);
    // Never more than the set number, and confirmed ones before the others.
    expect((await shadow(2)).sums).toMatchObject({ items: 2, better: 1, right: 1, agree: 0 });
    expect((await shadow(0)).sums.items).toBe(0);
    await confirm('chelsea.png', tigerCat!);
    expect((await shadow()).sums).toMatchObject({ items: 3, better: 0, worse: 1 });
    copyFileSync(join(photos, 'camera.png'), join(inputs(), 'chelsea.png'));
    expect(await shadow()).toMatchObject({ sums: { items: 2, right: 1, agree: 1 }, missing: 1 });
    await opened.lifecycle.unconfirm(digest, model);
    expect(await shadow()).toMatchObject({ sums: { items: 2, right: 1, agree: 1 }, missing: 1 });
  });

  it('stop where they are told to, and leave no report', async () => {
    const stop = new AbortController();
    const before = await opened.store.trial(model, '1.1.0');
    const hooks = { signal: stop.signal, onProgress: () => stop.abort() };
    const stopped = await createComparison(parts()).compare({ ...versions, inputs: [inputs()] }, hooks);
    expect(stopped.ok || stopped.fault.code).toBe('cancelled');
    expect(await opened.store.trial(model, '1.1.0')).toEqual(before);
  });

  it('stop while both are timed, too', async () => {
    const stop = new AbortController();
    const before = await opened.store.trial(model, '1.1.0');
    const stopping: ComparisonParts = {
      ...parts(),
      predict: (request, options) => {
        if (request.useCache === false) stop.abort();
        return opened.engine.predict(request, options);
      },
    };
    const hooks = { ...quiet, signal: stop.signal };
    const stopped = await createComparison(stopping).compare({ ...versions, inputs: [inputs()] }, hooks);
    expect(stop.signal.aborted).toBe(true);
    expect(stopped.ok || stopped.fault.code).toBe('cancelled');
    expect(await opened.store.trial(model, '1.1.0')).toEqual(before);
  });
});
