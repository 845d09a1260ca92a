import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import type { OpenedEngine } from '../../main/composition/index.ts';
import { fixture } from '../fakes/engine.ts';
import { taken } from '../fixtures/taken.ts';
import { makeVersion } from '../fixtures/versions.ts';
import { newFolder } from '../temp/folder.ts';
import { mark, marked, openVersions } from './open-versions.ts';

const model = 'efficientnet-lite0';
/** So many that the run is not over while versions are switched. */
const count = 200;
let opened: OpenedEngine;
afterEach(() => opened.close());

it('a model is updated in mid-run: the version that the run began with answers to the end, also after a restart', async () => {
  const place = newFolder('update');
  const open = (): Promise<OpenedEngine> =>
    openVersions(path.join(place, 'data'), { override: { workers: 1 }, workers: [] });
  opened = await open();
  const photos = path.join(place, 'photos');
  mkdirSync(photos);
  const rocket = readFileSync(fixture('photos/rocket.jpg'));
  for (let at = 0; at < count; at += 1)
    writeFileSync(path.join(photos, `IMG_${at}.JPG`), Buffer.concat([rocket, Buffer.from(`${at}`)]));
  const files = { 'labels.json': marked };
  taken(
    await opened.lifecycle.installLocal(
      makeVersion(path.join(place, 'next'), { id: model, version: '1.1.0', files }),
    ),
  );
  const stateOf = async (run: string) => taken(await opened.engine.runs.get(run));
  const labelsOf = async (run: string): Promise<readonly boolean[]> => {
    const all = { run, show: 'all', unsureBelow: 0, search: '', offset: 0, limit: 500 } as const;
    const { rows } = await opened.engine.runs.page(all, (file) => file);
    return rows.map(({ label }) => label?.endsWith(mark) === true);
  };
  const untilAnswered = (run: string, least: number): Promise<void> =>
    expect
      .poll(async () => (await stateOf(run)).counts.answered, { timeout: 60_000, interval: 20 })
      .toBeGreaterThan(least);

  const { id } = taken(await opened.engine.runs.start({ title: 'card', inputs: [photos] }));
  await untilAnswered(id, 5);
  taken(await opened.lifecycle.switchTo({ model, version: '1.1.0' }));
  const switched = (await stateOf(id)).counts.answered;
  expect(switched).toBeLessThan(count);
  await untilAnswered(id, switched + 2);
  await opened.engine.runs.pause(id);
  await opened.close();
  opened = await open();
  expect((await stateOf(id)).counts.answered).toBeLessThan(count);
  taken(await opened.engine.runs.resume(id));
  await opened.engine.runs.settled(id);
  expect(await stateOf(id)).toMatchObject({
    kind: 'done',
    version: '1.0.0',
    counts: { answered: count, faults: 0 },
  });
  expect(new Set(await labelsOf(id))).toEqual(new Set([false]));
  const item = taken(await opened.engine.runs.item(id, count - 1, (file) => file));
  expect(item.record).toMatchObject({ version: '1.0.0' });

  // Repeated as it was, or with what is active now.
  const again = taken(await opened.engine.runs.again(id));
  const anew = taken(
    await opened.engine.runs.start({ title: 'card', inputs: [path.join(photos, 'IMG_0.JPG')] }),
  );
  for (const run of [again, anew]) await opened.engine.runs.settled(run.id);
  expect([again.version, anew.version]).toEqual(['1.0.0', '1.1.0']);
  expect(new Set(await labelsOf(again.id))).toEqual(new Set([false]));
  expect(new Set(await labelsOf(anew.id))).toEqual(new Set([true]));
}, 180_000);
