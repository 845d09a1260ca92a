import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, expectTypeOf, it } from 'vitest';
import type { Queries } from '../../main/store/declare.ts';
import { openStoreWith, recordRow } from '../../main/store/index.ts';
import { queries } from '../../main/store/queries.ts';
import { builtEntry } from '../fixtures/built.ts';
import { plantedQueries } from '../fixtures/planted-queries.ts';
import { seedAnswer, seedKey } from '../fixtures/seed-store.ts';
import { newFolder } from '../temp/folder.ts';
import { labelled } from '../fixtures/labelled.ts';

const open = async (at: string) =>
  openStoreWith(plantedQueries, { folder: at, threadFile: await builtEntry('planted'), appVersion: '0.1.0' });

let folder: string;
let store: Awaited<ReturnType<typeof open>>;
beforeEach(async () => {
  folder = newFolder();
  store = await open(folder);
});
afterEach(async () => {
  await store.close();
});

it('one declaration is a method with its types, on the thread that it names, after every change before it', async () => {
  const answer = seedAnswer(1);
  const [first] = labelled(answer.result).predictions;
  const { label, score } = first!;
  store.putRecord(seedKey(answer), recordRow(answer), null);
  expect(await store.answersAbove(score / 2, [label])).toEqual([{ label, score }]);
  store.doubleScores(label);
  expect(await store.renameLabel(label, 'renamed')).toBe(1);
  expect(await store.answersAbove(score, ['renamed', label])).toEqual([
    { label: 'renamed', score: 2 * score },
  ]);

  expectTypeOf(store.answersAbove).toEqualTypeOf<
    (score: number, labels: readonly string[]) => Promise<readonly { label: string; score: number }[]>
  >();
  expectTypeOf(store.renameLabel).toEqualTypeOf<(from: string, to: string) => Promise<number>>();
  expectTypeOf(store.doubleScores).toEqualTypeOf<(label: string) => void>();
  // @ts-expect-error: a label is no number
  store.doubleScores(7);
  // @ts-expect-error: nothing is declared under this name
  expect(store.answersBelow).toBeUndefined();
});

it('what it answers otherwise comes when the thread is gone', async () => {
  const absent = await open(folder);
  await absent.close();
  expect(await absent.answersAbove(0, ['a'])).toEqual([{ label: 'nothing is known', score: 0 }]);
  expect(await absent.renameLabel('a', 'b')).toBe(-1);
  expect(await absent.settings()).toMatchObject({ theme: 'system' });
  expect(await absent.setSettings({ theme: 'dark' })).toMatchObject({ theme: 'dark' });
});

it('no declaration hides another one of its name', async () => {
  const at = path.join(import.meta.dirname, '..', '..', 'main', 'store');
  const files = readdirSync(at, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && name !== 'queries.ts')
    .filter((name) => readFileSync(path.join(at, name), 'utf8').includes('Queries = {'));
  expect(files.length).toBeGreaterThan(10);
  const declared: string[] = [];
  for (const file of files) {
    const exported = (await import(path.join(at, file))) as Record<string, Partial<Queries>>;
    for (const { reads, changes } of Object.values(exported))
      declared.push(...Object.keys(reads ?? {}), ...Object.keys(changes ?? {}));
  }
  const names = [...Object.keys(queries.reads), ...Object.keys(queries.changes)];
  expect(declared.toSorted()).toEqual(names.toSorted());
});
