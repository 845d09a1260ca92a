import { afterAll, beforeAll, expect, test } from 'vitest';
import { createItemConfirmations } from '../../main/lifecycle/confirm-items.ts';
import { recordRow } from '../../main/store/index.ts';
import type { Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { startRun } from '../fixtures/start-run.ts';
import { stored } from '../fixtures/stored-record.ts';
import { newFolder } from '../temp/folder.ts';

/** More than two transactions take. */
const count = 25_000;
const { input: _input, cached: _cached, ...answer } = stored;
const lynx = { id: 'n1', name: 'lynx' };
const items = Uint32Array.from({ length: count }, (_, at) => at);
const asked = { run: 'r1', items, label: lynx };
let store: Store;

beforeAll(async () => {
  store = await openTestStore(newFolder());
  await startRun(store, { model: answer.model });
  for (let at = 0; at < count; at += 1) {
    const key = `key ${at}`;
    store.putRecord(key, recordRow({ ...answer, digest: digestOf(at) }), null);
    const name = `IMG_${at}.JPG`;
    store.addRunItem(
      {
        run: 'r1',
        place: { input: 0, below: name },
        name,
        key,
        label: 'fox',
        labels: [],
        score: null,
        durationMs: 1,
        cached: false,
        fault: null,
      },
      { found: at + 1, scanned: true, leftOut: { other: 0, hidden: 0, system: 0 }, elapsedMs: 0 },
    );
  }
  await store.flush();
}, 120_000);
afterAll(() => store.close());

const digestOf = (at: number): `sha256:${string}` => `sha256:${String(at).padStart(64, '0')}`;

test('all photos of a run are one act however many they are, and other writes come between', async () => {
  const { confirmItems, takeBackItems } = createItemConfirmations(store);
  const transactions: number[] = [];
  const own = createItemConfirmations({
    ...store,
    confirmItems: (verdict) => {
      transactions.push(verdict.items.length);
      return store.confirmItems(verdict);
    },
  });
  const made = await own.confirmItems(asked);
  expect(transactions).toEqual([10_000, 10_000, 5_000]);
  expect(made).toMatchObject({ ok: true, value: { confirmed: count, unanswered: 0 } });
  expect(await store.runReviewed('r1')).toBe(count);
  const act = made.ok ? made.value.act! : '';
  // Another window's act is none of this one's.
  await takeBackItems(act);
  expect(await store.runReviewed('r1')).toBe(count);
  expect(await own.takeBackItems(act)).toMatchObject({ ok: true });
  expect(await store.runReviewed('r1')).toBe(0);
  expect(await confirmItems({ ...asked, items: items.slice(0, 3) })).toMatchObject({
    value: { confirmed: 3 },
  });
});

test('where the disk refuses on the way, nothing is confirmed that was not before', async () => {
  let asks = 0;
  const full = createItemConfirmations({
    ...store,
    confirmItems: (verdict) => ((asks += 1) === 3 ? Promise.resolve(null) : store.confirmItems(verdict)),
  });
  const before = await store.runReviewed('r1');
  expect(await full.confirmItems({ ...asked, label: { id: 'n2', name: 'wolf' } })).toMatchObject({
    ok: false,
  });
  expect(asks).toBe(3);
  expect(await store.runReviewed('r1')).toBe(before);
  expect(await store.confirmation(digestOf(0), answer.model)).toMatchObject({ label: 'lynx' });
});
