import { afterAll, beforeAll, expect, test } from 'vitest';
import { fault } from '../../contract/faults/faults.ts';
import { recordRow } from '../../main/store/index.ts';
import type { RunItemEntry, Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { startRun } from '../fixtures/start-run.ts';
import { stored } from '../fixtures/stored-record.ts';
import { newFolder } from '../temp/folder.ts';

const { input: _input, cached: _cached, ...answer } = stored;
const model = answer.model;
const lynx = { id: 'n1', name: 'lynx' };
const empty = { id: 'n9', name: 'empty' };
const faultAt = 3;
/** Has the same content as item 0. */
const copyAt = 4;
let store: Store;

const digestOf = (at: number): `sha256:${string}` =>
  `sha256:${String(at === copyAt ? 0 : at).padStart(64, '0')}`;
const nameOf = (at: number): string => `IMG_${at}.JPG`;
const labels = async (): Promise<readonly (string | null)[]> =>
  store.confirmedIn([0, 1, 2, 3, 4, 5].map((at) => `key ${at === copyAt ? 0 : at}`));
const confirmAt = (at: string, items: readonly number[], label: typeof lynx | 'own') =>
  store.confirmItems({ run: 'r1', items: Uint32Array.from(items), label, at });

function addItem(run: string, at: number): void {
  const isFault = run === 'r1' && at === faultAt;
  const key = `key ${at === copyAt ? 0 : at}`;
  const item: RunItemEntry = {
    run,
    place: { input: 0, below: nameOf(at) },
    name: nameOf(at),
    key: isFault ? null : key,
    label: isFault ? null : 'lynx',
    labels: [],
    score: null,
    durationMs: 1,
    cached: false,
    fault: isFault ? fault('file-empty', { file: nameOf(at) }) : null,
  };
  if (!isFault) store.putRecord(key, recordRow({ ...answer, digest: digestOf(at) }), null);
  store.addRunItem(item, {
    found: at + 1,
    scanned: true,
    leftOut: { other: 0, hidden: 0, system: 0 },
    elapsedMs: 0,
  });
}

async function runOf(id: string, count: number): Promise<void> {
  await startRun(store, { id, model });
  for (let at = 0; at < count; at += 1) addItem(id, at);
}

beforeAll(async () => {
  store = await openTestStore(newFolder());
  await runOf('r1', 6);
});
afterAll(() => store.close());

test('one label is confirmed for many items in one act, and taking it back leaves what was there before', async () => {
  const early = { labelId: lynx.id, label: lynx.name, path: '/elsewhere/old.jpg', at: '1' };
  await store.confirm({ digest: digestOf(1), model, ...early });
  const made = await confirmAt('2', [0, 1, 2, faultAt, copyAt, 99], empty);
  expect(made!.confirmed).toBe(4);
  expect(made!.photos).toHaveLength(3);
  expect(await labels()).toEqual(['empty', 'empty', 'empty', null, 'empty', null]);
  expect(await store.confirmation(digestOf(2), model)).toMatchObject({
    labelId: 'n9',
    path: expect.stringMatching(/photos.IMG_2\.JPG$/u) as string,
  });

  await store.takeBackItems(made!.photos, '2');
  expect(await labels()).toEqual([null, 'lynx', null, null, null, null]);
  expect(await store.confirmation(digestOf(1), model)).toMatchObject(early);
});

test('each item gets the label of its own answer; what was confirmed as that already is no part of the act', async () => {
  const made = await confirmAt('3', [0, 1, 2], 'own');
  const own = recordRow({ ...answer, digest: digestOf(0) }).best!;
  expect(made!.confirmed).toBe(3);
  expect(await store.confirmation(digestOf(0), model)).toMatchObject({ labelId: own.id, label: own.label });
  expect(await confirmAt('4', [0, 1, 2], 'own')).toEqual({ confirmed: 3, photos: [] });

  await store.confirm({ digest: digestOf(2), model, labelId: 'n5', label: 'fox', path: '/p', at: '5' });
  await store.takeBackItems(made!.photos, '3');
  expect(await labels()).toEqual([null, 'lynx', 'fox', null, null, null]);
});

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const from = performance.now();
  const value = await work();
  return { value, ms: performance.now() - from };
}

const many = 10_000;

test('ten thousand items are one transaction, and go as they came', async () => {
  const written = await timed(async () => {
    await runOf('r2', many);
    await store.flush();
  });
  const items = Uint32Array.from({ length: many }, (_, at) => at);
  const confirmed = await timed(() => store.confirmItems({ run: 'r2', items, label: empty, at: '6' }));
  expect(confirmed.value!.confirmed).toBe(many);
  // A tenth of it, where the items are found by their numbers; ten times as long, where each is looked for among all.
  expect(confirmed.ms).toBeLessThan(written.ms);
  expect(await store.runReviewed('r2')).toBe(many);
  await store.takeBackItems(confirmed.value!.photos, '6');
  // Photos 1 and 2 were confirmed before.
  expect(await store.runReviewed('r2')).toBe(2);
});
