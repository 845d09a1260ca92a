import { copyFileSync, cpSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { fixture, openTestEngine, root } from '../../fakes/engine.ts';
import { newFolder } from '../../temp/folder.ts';

let opened: OpenedEngine;
afterEach(() => opened.close());

const count = 60;

test('the model is removed in mid-run: what it is loaded for is answered to the end; a run that waits names it, and goes on when it is back', async () => {
  const [data, models, photos] = [newFolder(), newFolder(), newFolder()];
  const pack = path.join(models, 'efficientnet-lite0');
  cpSync(path.join(root, 'models', 'efficientnet-lite0'), pack, { recursive: true });
  mkdirSync(photos, { recursive: true });
  for (let at = 0; at < count; at += 1)
    copyFileSync(fixture('photos/rocket.jpg'), path.join(photos, `IMG_${at}.JPG`));
  const open = (): Promise<OpenedEngine> =>
    openTestEngine({
      dataFolder: data,
      modelFolders: [models],
      override: { workers: 1, threads: 1, variant: 'int8' },
    });
  const begin = async (): Promise<string> => {
    const started = await opened.engine.runs.start({ title: 'card', inputs: [photos], useCache: false });
    if (!started.ok) throw new Error(started.fault.message);
    await expect
      .poll(async () => (await stateOf(started.value.id)).counts.answered, { timeout: 60_000, interval: 20 })
      .toBeGreaterThan(5);
    return started.value.id;
  };
  const stateOf = async (run: string) => {
    const state = await opened.engine.runs.get(run);
    if (!state.ok) throw new Error(state.fault.message);
    return state.value;
  };

  opened = await open();
  const whole = await begin();
  renameSync(pack, path.join(data, 'aside'));
  await opened.engine.runs.settled(whole);
  expect(await stateOf(whole)).toMatchObject({ kind: 'done', counts: { answered: count, faults: 0 } });
  renameSync(path.join(data, 'aside'), pack);
  await opened.close();

  opened = await open();
  const halted = await begin();
  await opened.engine.runs.pause(halted);
  const before = (await stateOf(halted)).counts.answered;
  expect(before).toBeLessThan(count);
  await opened.close();
  renameSync(pack, path.join(data, 'aside'));
  opened = await open();
  const refused = await opened.engine.runs.resume(halted);
  expect(refused.ok || [refused.fault.code, refused.fault.params]).toEqual([
    'model-not-found',
    expect.objectContaining({ model: 'efficientnet-lite0@1.0.0' }),
  ]);
  // It is as it was, with its answers, and goes on when the model is back.
  expect(await stateOf(halted)).toMatchObject({ kind: 'paused', counts: { answered: before } });
  await opened.close();
  renameSync(path.join(data, 'aside'), pack);
  opened = await open();
  const resumed = await opened.engine.runs.resume(halted);
  expect(resumed.ok).toBe(true);
  await opened.engine.runs.settled(halted);
  expect(await stateOf(halted)).toMatchObject({ kind: 'done', counts: { answered: count, faults: 0 } });
}, 120_000);
