import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  readFileSync,
  utimesSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { isAnswered } from '../../../contract/runs/prediction.ts';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { fixture, openTestEngine, startStandIn } from '../../fakes/engine.ts';
import { newFolder } from '../../temp/folder.ts';
import { labelled } from '../../fixtures/labelled.ts';

let opened: OpenedEngine;
beforeAll(async () => {
  opened = await openTestEngine();
});
afterAll(() => opened.close());
const chelsea = fixture('photos/chelsea.png');
const old = new Date(Date.now() - 60_000);
const ask = (file: string, more = {}) =>
  opened.engine.predict({ source: { path: file }, name: path.basename(file), ...more });
const codeOf = (outcome: Awaited<ReturnType<typeof ask>>) => (outcome.ok ? 'ok' : outcome.fault.code);

test('a photo is answered, then from the store, also under another name, but not after a change', async () => {
  const folder = newFolder();
  const one = path.join(folder, 'one.png');
  copyFileSync(chelsea, one);
  utimesSync(one, old, old);
  const first = await ask(one);
  if (!first.ok) throw new Error(first.fault.message);
  expect(first.value).toMatchObject({
    cached: false,
    model: 'efficientnet-lite0',
    variant: 'fp32',
    provider: 'cpu',
    settings: 'crop 0.875, cubic to 224 × 224',
  });
  expect(labelled(first.value.result).predictions[0]?.index).toBe(282);
  expect(labelled(first.value.result).predictions).toHaveLength(20);

  const again = await ask(one, { top: 3 });
  expect(again.ok && again.value).toMatchObject({ cached: true, digest: first.value.digest });
  expect(again.ok && labelled(again.value.result).predictions).toHaveLength(3);

  const two = path.join(folder, 'two.png');
  copyFileSync(one, two);
  const copy = await ask(two);
  expect(copy.ok && copy.value.cached).toBe(true);

  copyFileSync(fixture('photos/coffee.png'), path.join(folder, 'new'));
  renameSync(path.join(folder, 'new'), one);
  const changed = await ask(one);
  expect(changed.ok && changed.value).toMatchObject({ cached: false });
  expect(changed.ok && labelled(changed.value.result).predictions[0]?.index).toBe(967);
  appendFileSync(two, 'x');
  const grown = await ask(two);
  expect(grown.ok && grown.value.cached).toBe(false);
});

test('bytes get the answer of the file that holds them, and the feature vector is kept for who asks later', async () => {
  const first = await ask(chelsea, { embedding: true, useCache: false });
  const bytes = await opened.engine.predict({ source: { bytes: readFileSync(chelsea) }, name: 'pasted' });
  expect(bytes.ok && bytes.value).toMatchObject({ cached: true, input: 'pasted' });
  const asked = await ask(chelsea, { embedding: true });
  expect(asked.ok && asked.value.cached).toBe(true);
  expect(asked.ok && labelled(asked.value.result).embedding?.values).toHaveLength(1280);
  expect(asked.ok && asked.value.result).toEqual(first.ok && first.value.result);
  const without = await ask(chelsea);
  expect(without.ok && labelled(without.value.result).embedding).toBeUndefined();
});

test('requests for the same at once are one piece of work', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => ask(fixture('photos/rocket.jpg'), { useCache: false })),
  );
  expect(new Set(outcomes.map((outcome) => (outcome.ok ? outcome.value.at : '')))).toHaveProperty('size', 1);
});

test('a cancelled request is answered at once', async () => {
  const waits: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const abort = new AbortController();
    let abortedAt = 0;
    abort.signal.addEventListener('abort', () => (abortedAt = performance.now()));
    const asking = opened.engine.predict(
      { source: { path: fixture('photos/retina.jpg') }, name: 'retina', useCache: false },
      { signal: abort.signal },
    );
    setTimeout(() => abort.abort(), 5);
    expect(codeOf(await asking)).toBe('cancelled');
    waits.push(performance.now() - abortedAt);
  }
  // The best of five: a busy machine stands still now and then.
  expect(Math.min(...waits)).toBeLessThan(100);
});

test('what cannot be an input is a fault by name', async () => {
  const folder = newFolder();
  const pipe = path.join(folder, 'pipe.jpg');
  execFileSync('mkfifo', [pipe]);
  expect(codeOf(await ask(pipe))).toBe('not-a-file');
  expect(codeOf(await ask(folder))).toBe('not-a-file');
  expect(codeOf(await ask(path.join(folder, 'gone.jpg')))).toBe('file-not-found');
  expect(codeOf(await ask(path.join(folder, `${'n'.repeat(300)}.jpg`)))).toBe('file-unreadable');
  for (const [name, code] of [
    ['empty.jpg', 'file-empty'],
    ['text.jpg', 'not-a-picture'],
    ['truncated.jpg', 'image-unreadable'],
    ['claims-60000x60000.png', 'image-too-large'],
  ] as const)
    expect(codeOf(await ask(fixture(`bad/${name}`))), name).toBe(code);
  expect(codeOf(await ask(chelsea, { model: 'nothing' }))).toBe('model-not-found');
  expect(codeOf(await ask(chelsea, { model: 'efficientnet-lite0@9.0.0' }))).toBe('version-not-found');
  expect(codeOf(await ask(chelsea, { variant: 'fp16' }))).toBe('variant-not-found');
  expect(codeOf(await ask(chelsea, { provider: 'cuda' }))).toBe('provider-unavailable');
  expect(codeOf(await ask(chelsea, { model: 'tensor-demo' }))).toBe('task-mismatch');
  expect(codeOf(await ask(chelsea, { thorough: true }))).toBe('task-mismatch');
});

test('a folder is answered in the order of its names, round loops and past faults', async () => {
  const folder = newFolder();
  mkdirSync(path.join(folder, 'b'));
  copyFileSync(chelsea, path.join(folder, 'b', 'CHELSEA.PNG'));
  copyFileSync(fixture('photos/rocket.jpg'), path.join(folder, `ä ${'名'.repeat(60)}.jpg`));
  copyFileSync(fixture('bad/truncated.jpg'), path.join(folder, 'a.jpg'));
  writeFileSync(path.join(folder, '._a.jpg'), 'x');
  writeFileSync(path.join(folder, 'notes.txt'), 'x');
  symlinkSync(folder, path.join(folder, 'b', 'up'));
  execFileSync('mkfifo', [path.join(folder, 'c.jpg')]);
  const outcomes = [];
  for await (const outcome of opened.engine.predictAll({ inputs: [folder] })) outcomes.push(outcome);
  expect(
    outcomes.map((outcome) => [
      path.relative(folder, outcome.input),
      isAnswered(outcome) ? 'ok' : outcome.fault.code,
    ]),
  ).toEqual([
    ['a.jpg', 'image-unreadable'],
    [path.join('b', 'CHELSEA.PNG'), 'ok'],
    [path.join('b', 'up'), 'folder-loop'],
    ['c.jpg', 'not-a-file'],
    [`ä ${'名'.repeat(60)}.jpg`, 'ok'],
  ]);
});

test('the golden samples of both models are right', async () => {
  for (const ref of ['efficientnet-lite0', 'tensor-demo']) {
    const golden = await opened.engine.models.golden(ref);
    if (!golden.ok) throw new Error(golden.fault.message);
    expect(golden.value.passed).toBe(golden.value.total);
    const shown = await opened.engine.models.show(ref);
    expect(shown.ok && shown.value.golden?.passed).toBe(golden.value.total);
  }
});

test('a thumbnail fits its square', async () => {
  const made = await opened.engine.thumbnail(chelsea, 96);
  expect(made.ok && Math.max(made.value.width, made.value.height)).toBe(96);
});

test('the digest of a large photo that came as bytes is made beside the event loop', async () => {
  const picture = readFileSync(chelsea);
  const bytes = Buffer.concat([picture, Buffer.alloc(64 * 1024 ** 2)]);
  const predict = (): ReturnType<typeof ask> =>
    opened.engine.predict({ source: { bytes }, name: 'large.png' });
  const first = await predict();
  if (!first.ok) throw new Error(first.fault.message);
  const begun = performance.eventLoopUtilization();
  const again = await predict();
  const { active, idle } = performance.eventLoopUtilization(begun);
  expect(again.ok && again.value.cached).toBe(true);
  expect(again.ok && again.value.digest).toBe(first.value.digest);
  // The loop waits while they are hashed; hashed here, it would never.
  expect(idle).toBeGreaterThan(active / 8);
});

test('a batch that can be stopped listens once for each item in hand, and Node takes that for no leak', async () => {
  const folder = newFolder();
  for (let at = 0; at < 24; at += 1) writeFileSync(path.join(folder, `${at}.jpg`), `${at}`);
  const warnings: string[] = [];
  const note = (warning: Error): void => void warnings.push(warning.name);
  process.on('warning', note);
  const wide = await openTestEngine({
    startWorker: startStandIn('slow'),
    override: { workers: 4, threads: 1 },
  });
  const { signal } = new AbortController();
  let ended = 0;
  // Two of them: the first tells the engine how many workers there are, and so how many items may be in hand.
  for (const inputs of [[path.join(folder, '0.jpg')], [folder]])
    for await (const _ of wide.engine.predictAll({ inputs }, { signal })) ended += 1;
  await wide.close({ graceMs: 100 });
  process.off('warning', note);
  expect([ended, warnings.filter((name) => name === 'MaxListenersExceededWarning')]).toEqual([25, []]);
});
