// Packs that are made of others, with real models and workers: what they answer, and what becomes of them when a part changes.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DetectClassifyResult } from '../../contract/tasks/detect-classify.ts';
import type { OpenedEngine } from '../../main/composition/index.ts';
import type { WorkerProcess } from '../../main/engine/index.ts';
import { taken } from '../fixtures/taken.ts';
import { makeVersion } from '../fixtures/versions.ts';
import { newFolder } from '../temp/folder.ts';
import { mark, marked, openVersions } from './open-versions.ts';

const models = join(import.meta.dirname, '../../models');
const samples = join(models, 'camera-names', 'samples');
const sheet = join(samples, 'sheet.jpg');
const whole = 'camera-names';
const namer = 'efficientnet-lite0';
/** As a manifest lists a file that lies in this folder. */
function listed(folder: string, { path }: { readonly path: string }) {
  const bytes = readFileSync(join(folder, path));
  return { path, size: bytes.byteLength, sha256: createHash('sha256').update(bytes).digest('hex') };
}

const open = openVersions;

let opened: OpenedEngine;
const data = newFolder('pipelines');
beforeAll(async () => {
  opened = await open(data);
});
afterAll(() => opened.close());

const ask = async (file: string, more: { readonly model?: string; readonly variant?: string } = {}) =>
  taken(await opened.engine.predict({ source: { path: file }, name: 'photo', model: whole, ...more }));
const named = async (file: string) => {
  const record = await ask(file);
  return { ...record, result: record.result as DetectClassifyResult };
};
const firstNames = ({ detections }: DetectClassifyResult): readonly (string | undefined)[] =>
  detections.filter(({ score }) => score >= 0.5).map(({ names }) => names[0]?.label);

describe('a detector and a classifier in one pack', () => {
  it('find what the detector finds alone, to the last digit, and name the animals', async () => {
    const { result } = await named(sheet);
    const alone = (await ask(sheet, { model: 'camera-triage' })).result;
    expect(result.detections.map(({ names: _names, ...box }) => box)).toEqual(
      'detections' in alone ? alone.detections : [],
    );
    expect(firstNames(result)).toEqual(['Egyptian cat', undefined, 'badger', undefined]);
    expect(result.detections.every(({ names }) => names.every(({ index }) => index < 398))).toBe(true);
  });

  it.each(['fp32', 'int8'])('pass their golden samples as one, in %s', async (variant) => {
    const apart = await open(newFolder('golden'), { override: { variant: variant as 'fp32' } });
    try {
      const golden = taken(await apart.engine.models.golden(whole));
      expect(golden).toMatchObject({ model: `${whole}@1.0.0`, variant, passed: 3, total: 3 });
      expect(golden.cases.every(({ distance, allowed }) => distance < allowed)).toBe(true);
    } finally {
      await apart.close();
    }
  });

  it('are no model for tensors, and answer only who names them', async () => {
    const tensors = await opened.engine.runTensors({ model: whole, tensors: [] });
    expect(tensors.ok ? 'ok' : tensors.fault.code).toBe('input-invalid');
    expect(taken(opened.engine.models.resolve())).toBe(`${namer}@1.0.0`);
  });

  it('are verified as one, and listed with what they are made of', async () => {
    const report = taken(await opened.engine.models.verify(whole));
    expect(report.passed).toBe(true);
    expect(report.files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['card.md', 'camera-triage@1.0.0/nanodet-g.onnx', `${namer}@1.0.0/card.md`]),
    );
    const [summary] = (await opened.engine.models.list()).filter(({ id }) => id === whole);
    expect(summary).toMatchObject({
      state: 'active',
      parts: [
        { role: 'detector', ref: 'camera-triage@1.0.0', versions: '^1.0.0' },
        { role: 'classifier', ref: `${namer}@1.0.0` },
      ],
    });
    expect(summary!.variants[0]!.size).toBeGreaterThan(20_000_000);
  });

  it('answer again when their worker was killed on the way', async () => {
    const workers: WorkerProcess[] = [];
    const apart = await open(newFolder('killed'), { workers });
    try {
      const run = apart.engine.predict({ source: { path: sheet }, name: 'sheet', model: whole });
      while (workers.length === 0) await new Promise((done) => setTimeout(done, 5));
      workers[0]!.kill();
      const answer = taken(await run);
      expect(firstNames(answer.result as DetectClassifyResult)).toEqual([
        'Egyptian cat',
        undefined,
        'badger',
        undefined,
      ]);
      expect(workers.length).toBeGreaterThan(1);
    } finally {
      await apart.close();
    }
  });
});

describe('a part that changes', () => {
  it('gives answers of its own, which go when it is rolled back, and cannot be removed while it is needed', async () => {
    const before = await named(sheet);
    expect(before.cached).toBe(true);
    const folder = makeVersion(join(newFolder('newer'), namer), {
      id: namer,
      version: '1.1.0',
      files: { 'labels.json': marked },
    });
    taken(await opened.lifecycle.installLocal(folder));
    expect((await named(sheet)).cached).toBe(true);

    taken(await opened.lifecycle.switchTo({ model: namer, version: '1.1.0' }));
    const after = await named(sheet);
    expect(after.cached).toBe(false);
    expect(firstNames(after.result)[0]).toBe(`Egyptian cat${mark}`);
    expect(after.packDigest).toBe(before.packDigest);
    const removed = await opened.lifecycle.removeModel(namer);
    expect(removed.ok).toBe(false);

    taken(await opened.lifecycle.rollBack(namer));
    const back = await named(sheet);
    expect([back.cached, firstNames(back.result)]).toEqual([true, firstNames(before.result)]);
  });

  it('is not switched to where the whole would give its golden samples wrong with it, and the whole answers as before', async () => {
    const before = await named(sheet);
    // Its channels change places: as a model of its own it has no golden samples that would tell.
    const swapped = makeVersion(join(newFolder('swapped'), namer), {
      id: namer,
      version: '1.2.0',
      change: ({ golden: _golden, ...manifest }) => ({
        ...manifest,
        files: manifest.files.filter(({ path }) => !path.startsWith('golden/')),
        preprocessing: manifest.preprocessing.map((step) =>
          step.op === 'layout' ? { ...step, channels: 'BGR' as const } : step,
        ),
      }),
    });
    rmSync(join(swapped, 'golden'), { recursive: true });
    taken(await opened.lifecycle.installLocal(swapped));
    const switched = await opened.lifecycle.switchTo({ model: namer, version: '1.2.0' });
    expect(switched.ok ? 'switched' : switched.fault).toMatchObject({
      code: 'part-golden-failed',
      params: { model: `${namer}@1.2.0`, whole: `${whole}@1.0.0`, total: 3 },
    });
    expect(taken(await opened.lifecycle.show(namer)).pointer.active).toBe('1.0.0');
    const after = await named(sheet);
    expect([after.cached, after.result]).toEqual([true, before.result]);
  });

  it('is proved with the whole before it answers, so that the next start has nothing to prove', async () => {
    const place = newFolder('proved');
    const apart = await open(place);
    try {
      const next = makeVersion(join(newFolder('newer'), namer), {
        id: namer,
        version: '1.1.0',
        files: { 'labels.json': marked },
      });
      taken(await apart.lifecycle.installLocal(next));
      const golden = async () => taken(await apart.engine.models.show(whole)).golden;
      expect(await golden()).toBeNull();
      taken(await apart.lifecycle.switchTo({ model: namer, version: '1.1.0' }));
      expect(await golden()).toMatchObject({ model: `${whole}@1.0.0`, passed: 3, total: 3 });
    } finally {
      await apart.close();
    }
  });

  it('outside of the range is left alone by the whole, which holds on to the version that it needs', async () => {
    const place = newFolder('major');
    const two = makeVersion(join(place, 'two'), { id: namer, version: '2.0.0' });
    taken(await opened.lifecycle.installLocal(two));
    taken(await opened.lifecycle.switchTo({ model: namer, version: '2.0.0' }));
    const { cached, result } = await named(sheet);
    expect([cached, firstNames(result)[0]]).toEqual([true, 'Egyptian cat']);
    taken(await opened.lifecycle.rollBack(namer));
  });
});

describe('another version of the whole', () => {
  /** The shipped one with another version, and with files or a manifest changed. */
  function version(
    number: string,
    change: (manifest: Record<string, unknown>) => Record<string, unknown>,
    golden: (before: string) => string = (before) => before,
  ): string {
    const into = newFolder('whole');
    const manifest = JSON.parse(readFileSync(join(models, whole, 'manifest.json'), 'utf8')) as {
      files: { path: string }[];
    };
    for (const { path } of manifest.files) {
      mkdirSync(join(into, path, '..'), { recursive: true });
      copyFileSync(join(models, whole, path), join(into, path));
    }
    const file = join(into, 'golden', 'golden.json');
    writeFileSync(file, golden(readFileSync(file, 'utf8')));
    writeFileSync(
      join(into, 'manifest.json'),
      JSON.stringify(
        change({ ...manifest, version: number, files: manifest.files.map((each) => listed(into, each)) }),
      ),
    );
    return into;
  }

  it('is refused by its golden samples as any model, and answers nobody', async () => {
    const wrong = version(
      '1.1.0',
      (manifest) => manifest,
      (before) => before.replaceAll('"index": 285', '"index": 7'),
    );
    const installed = await opened.lifecycle.installLocal(wrong);
    expect(installed.ok ? 'ok' : installed.fault.code).toBe('golden-failed');
    expect((await named(sheet)).version).toBe('1.0.0');
  });

  it('that needs what is not here is not installed, and says what that is', async () => {
    const lacking = version('1.2.0', (manifest) => ({
      ...manifest,
      parts: (manifest['parts'] as object[]).map((part) => ({ ...part, versions: '^3.0.0' })),
    }));
    const installed = await opened.lifecycle.installLocal(lacking);
    expect(installed.ok ? null : installed.fault).toMatchObject({
      code: 'pack-part-missing',
      params: { part: 'camera-triage', versions: '^3.0.0' },
    });
    const preview = taken(await opened.lifecycle.preview(lacking));
    expect(preview.kind === 'pack' && preview.fault?.code).toBe('pack-part-missing');
  });

  it('is tried, switched to and rolled back as one', async () => {
    const wider = version('1.3.0', (manifest) => ({
      ...manifest,
      postprocessing: (manifest['postprocessing'] as object[]).map((step) => ({ ...step, most: 1 })),
    }));
    taken(await opened.lifecycle.installLocal(wider));
    expect((await named(sheet)).version).toBe('1.0.0');
    taken(await opened.lifecycle.switchTo({ model: whole, version: '1.3.0' }));
    const only = await named(sheet);
    expect([only.version, firstNames(only.result)]).toEqual([
      '1.3.0',
      ['Egyptian cat', undefined, undefined, undefined],
    ]);
    taken(await opened.lifecycle.rollBack(whole));
    const back = await named(sheet);
    expect([back.version, back.cached]).toEqual(['1.0.0', true]);
  });
});
