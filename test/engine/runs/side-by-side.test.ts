import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { OpenedEngine } from '../../../main/composition/index.ts';
import { fixture, openTestEngine } from '../../fakes/engine.ts';
import { taken } from '../../fixtures/taken.ts';
import { newFolder } from '../../temp/folder.ts';

const count = 24;
let data: string;
let opened: OpenedEngine;
const open = (): Promise<OpenedEngine> =>
  openTestEngine({ dataFolder: data, override: { workers: 1, threads: 1, variant: 'int8' } });
beforeEach(async () => {
  data = newFolder();
  opened = await open();
});
afterEach(() => opened.close());

function cardOf(name: string): readonly string[] {
  const card = path.join(newFolder(), name);
  mkdirSync(card);
  const rocket = readFileSync(fixture('photos/rocket.jpg'));
  return Array.from({ length: count }, (_, at) => {
    const file = path.join(card, `IMG_${String(at).padStart(2, '0')}.JPG`);
    writeFileSync(file, Buffer.concat([rocket, Buffer.from(`${name}${at}`)]));
    return file;
  });
}
const begin = async ({ engine }: OpenedEngine, inputs: readonly string[]): Promise<string> =>
  taken(await engine.runs.start({ title: 'card', inputs, useCache: false })).id;

test('runs over the same photos go on side by side, in one process and in two, each with all of its items in their order', async () => {
  const [one, two] = [cardOf('one'), cardOf('two')];
  const other = await open();
  const runs = [
    await begin(opened, [path.dirname(one[0]!)]),
    await begin(opened, [path.dirname(two[0]!), path.dirname(one[0]!)]),
    await begin(other, [path.dirname(one[0]!)]),
  ];
  const kinds = async (): Promise<readonly string[]> =>
    Promise.all(runs.map(async (run) => taken(await opened.engine.runs.get(run)).kind));
  // None waits for another.
  const answered = async (): Promise<readonly boolean[]> =>
    Promise.all(
      runs.map(async (run) => {
        const { kind, counts } = taken(await opened.engine.runs.get(run));
        return kind === 'running' && counts.answered > 0;
      }),
    );
  await expect.poll(answered, { timeout: 60_000, interval: 5 }).toEqual([true, true, true]);
  await expect.poll(kinds, { timeout: 120_000 }).toEqual(['done', 'done', 'done']);
  await other.close();
  const rows = await Promise.all(
    runs.map(async (run) => {
      const all = { run, show: 'all', unsureBelow: 0, search: '', offset: 0, limit: 500 } as const;
      return (await opened.engine.runs.page(all, (file) => file)).rows.map(({ ref }) => ref);
    }),
  );
  expect(rows).toEqual([one, [...two, ...one], one]);
}, 180_000);

test('a run that is deleted leaves what a person confirmed, and another run over the photo has it', async () => {
  const [photo = ''] = cardOf('one');
  const run = await begin(opened, [photo]);
  await opened.engine.runs.settled(run);
  const { record } = taken(await opened.engine.runs.item(run, 0, (file) => file));
  const { digest, model } = record!;
  const word = {
    digest,
    model,
    labelId: 'n02119789',
    label: 'kit fox',
    path: photo,
    at: '2026-01-01T00:00:00Z',
  };
  await opened.store.confirm(word);
  taken(await opened.engine.runs.remove(run));
  await opened.close();
  // Deleted for good, and its rows swept.
  opened = await open();
  expect(taken(await opened.engine.runs.start({ title: 'again', inputs: [photo] })).id).not.toBe(run);
  expect((await opened.engine.runs.restore(run)).ok).toBe(false);
  expect(await opened.store.confirmation(digest, model)).toMatchObject({ label: 'kit fox' });
  const [again] = await opened.engine.runs.list();
  await opened.engine.runs.settled(again!.id);
  const all = { run: again!.id, show: 'all', unsureBelow: 0, search: '', offset: 0, limit: 5 } as const;
  expect((await opened.engine.runs.page(all, (file) => file)).rows[0]).toMatchObject({
    confirmed: 'kit fox',
  });
}, 60_000);
