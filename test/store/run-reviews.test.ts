import { afterAll, beforeAll, expect, test } from 'vitest';
import { fault } from '../../contract/faults/faults.ts';
import type { RunPageQuery } from '../../contract/runs/run.ts';
import { recordRow } from '../../main/store/index.ts';
import type { RunItemEntry, Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { startRun } from '../fixtures/start-run.ts';
import { stored } from '../fixtures/stored-record.ts';
import { newFolder } from '../temp/folder.ts';

const { input: _input, cached: _cached, ...answer } = stored;
const model = answer.model;
let store: Store;
let added = 0;
/** Numbers of items of which somebody said something. */
const reviewed = new Set<number>();

const isFault = (at: number): boolean => at % 10 === 7;
const digestOf = (at: number): `sha256:${string}` => `sha256:${String(at).padStart(64, '0')}`;
const progress = { found: 90, scanned: true, leftOut: { other: 0, hidden: 0, system: 0 }, elapsedMs: 0 };

function grow(more: number): void {
  for (const to = added + more; added < to; added += 1) {
    const name = `IMG_${added}.JPG`;
    const label = added % 3 === 0 ? 'lynx' : 'fox';
    const item: RunItemEntry = {
      run: 'r1',
      place: { input: 0, below: name },
      name,
      key: isFault(added) ? null : `key ${added}`,
      label: isFault(added) ? null : label,
      labels: isFault(added) ? [] : [label],
      score: isFault(added) ? null : (added % 20) / 20,
      durationMs: 1,
      cached: false,
      fault: isFault(added) ? fault('file-empty', { file: name }) : null,
    };
    if (!isFault(added))
      store.putRecord(`key ${added}`, recordRow({ ...answer, digest: digestOf(added) }), null);
    store.addRunItem(item, progress);
  }
}

async function confirm(at: number, of = model): Promise<void> {
  const word = { labelId: 'n1', label: 'lynx', path: `/photos/IMG_${at}.JPG`, at: `2026-11-29T10:00:${at}` };
  await store.confirm({ digest: digestOf(at), model: of, ...word });
}

const shown = async (patch: Partial<RunPageQuery>): Promise<readonly number[]> => {
  const query = { run: 'r1', show: 'all', unsureBelow: 0.4, search: '', offset: 0, limit: 500 } as const;
  const page = await store.runPage({ ...query, ...patch });
  expect(page.total).toBe(page.rows.length);
  return page.rows.map(({ seq }) => seq);
};
const all = (fits: (at: number) => boolean): readonly number[] =>
  Array.from({ length: added }, (_, at) => at).filter((at) => !isFault(at) && fits(at));

async function compare(): Promise<void> {
  expect(await shown({ review: 'done' })).toEqual(all((at) => reviewed.has(at)));
  expect(await shown({ review: 'open' })).toEqual(all((at) => !reviewed.has(at)));
  expect(await shown({ review: 'open', label: 'lynx' })).toEqual(
    all((at) => !reviewed.has(at) && at % 3 === 0),
  );
  expect(await shown({ review: 'open', show: 'unsure' })).toEqual(
    all((at) => !reviewed.has(at) && at % 20 < 8),
  );
  const order = { by: 'walk', descending: true } as const;
  expect(await shown({ review: 'open', sort: order })).toEqual(all((at) => !reviewed.has(at)).toReversed());
  expect(await store.runReviewed('r1')).toBe(reviewed.size);
}

beforeAll(async () => {
  store = await openTestStore(newFolder());
  await startRun(store, { model });
});
afterAll(() => store.close());

test('items to review are those that nobody reviewed, as photos come and verdicts are given and taken back', async () => {
  grow(60);
  await compare();
  for (const at of [3, 20, 41]) {
    await confirm(at);
    reviewed.add(at);
    await compare();
  }
  // What was said of an answer of another model says nothing of this one.
  await confirm(11, 'camera-triage');
  await compare();
  grow(30);
  await compare();
  await store.unconfirm(digestOf(20), model);
  reviewed.delete(20);
  await compare();
  // The same number of verdicts, of other photos.
  await store.unconfirm(digestOf(3), model);
  await confirm(64);
  reviewed.delete(3);
  reviewed.add(64);
  await compare();
  expect(await store.runReviewed('no such run')).toBe(0);
});
