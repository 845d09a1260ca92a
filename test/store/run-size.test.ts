import Sqlite from 'better-sqlite3';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { RunPageQuery } from '../../contract/runs/run.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { seedRun } from '../fixtures/seed-run.ts';
import { seedAnswer, seedKey, seedStore } from '../fixtures/seed-store.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';

const rows = inLong(1_000_000, 60_000);

const timed = async (work: () => Promise<unknown>): Promise<number> => {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
};
const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)]!;

const page = { run: 'r1', show: 'all', unsureBelow: 0.5, search: '', offset: 0, limit: 200 } as const;
/** What an index holds in its order, whatever there is of it. */
const indexed: readonly Partial<RunPageQuery>[] = [
  {},
  { show: 'faults' },
  { show: 'empty' },
  { show: 'unsure', sort: { by: 'score', descending: false } },
  ...[false, true].flatMap((descending) =>
    (['walk', 'score', 'label'] as const).map((by) => ({ sort: { by, descending } })),
  ),
];
/** What reads the rows once: what stands in a name is in no index. */
const read: readonly Partial<RunPageQuery>[] = [
  { search: 'site 7/' },
  { search: 'site 7/', sort: { by: 'score', descending: false } },
  { search: '.jpg', sort: { by: 'label', descending: true } },
  { show: 'unsure' },
  { site: 'site 7' },
  { camera: 'SN-3' },
  { from: '1970-01-01T02:00', to: '1970-01-01T12:00' },
  { camera: 'Acme Trail 5', label: 'label 1' },
  { label: 'label 7' },
  { label: 'label 7', sort: { by: 'score', descending: true } },
  { fault: 'file-empty' },
  { review: 'open' },
  { duplicates: 'only' },
  { duplicates: 'without' },
  { duplicates: 'without', label: 'label 11' },
];
/** How long the engine lets a list be looked through before it shows what was found. */
const withinMs = 20;

test(`a page of a list of ${rows} rows comes within 50 ms, wherever it lies and however it is filtered or sorted`, async () => {
  const folder = newFolder();
  await (await openTestStore(folder)).close();
  seedRun(folder, { name: 'r1', rows });
  const figures = new Map<string, { firstMs: number; thenMs: number }>();
  const isSlow = (): boolean =>
    [...figures.values()].some(({ firstMs, thenMs }) => Math.max(firstMs, thenMs) >= 50);
  // Nothing is known of a run when its store is opened. The best of three: a machine that is busy is slow now and then.
  for (let round = 0; round === 0 || (round < 3 && isSlow()); round += 1) {
    const store = await openTestStore(folder);
    // The thread of pages starts with the first question.
    await store.runPage({ ...page, run: 'none' });
    for (const more of [...indexed, ...read]) {
      let [total, isWhole] = [0, false];
      const ask = async () => void ({ total, isWhole } = await store.runPage({ ...page, ...more }, withinMs));
      const firstMs = await timed(ask);
      while (!isWhole) await ask();
      expect(total, JSON.stringify(more)).toBeGreaterThan(200);
      const times: number[] = [];
      for (let at = 0; at < 15; at += 1) {
        const query = { ...page, ...more, offset: Math.floor(((total - 200) * at) / 14) };
        times.push(await timed(async () => expect((await store.runPage(query)).rows).toHaveLength(200)));
      }
      const before = figures.get(JSON.stringify(more)) ?? { firstMs: Infinity, thenMs: Infinity };
      figures.set(JSON.stringify(more), {
        firstMs: Math.min(before.firstMs, firstMs),
        thenMs: Math.min(before.thenMs, median(times)),
      });
    }
    await store.close();
  }
  const lines = [...figures].map(
    ([more, { firstMs, thenMs }]) => `${more} ${firstMs.toFixed(1)} ms, then ${thenMs.toFixed(1)} ms`,
  );
  console.log(`${rows} rows, pages of 200, the first and the median of 15:\n${lines.join('\n')}`);
  // What is found at once may be a part of it; the rest comes as it is asked for again.
  for (const [more, { firstMs, thenMs }] of figures) {
    expect(firstMs, more).toBeLessThan(50);
    expect(thenMs, more).toBeLessThan(50);
  }
}, 600_000);

const reviewed = rows / 100;

/** Every hundredth photo of the run has an answer, and a person said what is on it. */
function seedReviewed(folder: string): void {
  const db = new Sqlite(path.join(folder, 'outpost.db'));
  db.pragma('synchronous = OFF');
  const key = db.prepare('UPDATE run_items SET key = ? WHERE run = 1 AND seq = ?');
  const confirmation = db.prepare(
    "INSERT INTO confirmations (digest, model, label_id, label, path, at) VALUES (?, 'm', 'n1', 'lynx', '', '2026-01-01')",
  );
  db.exec("UPDATE answers SET model = 'm'");
  db.transaction(() => {
    for (let n = 0; n < reviewed; n += 1) {
      const answer = seedAnswer(n);
      key.run(seedKey(answer), n * 100 + 1);
      confirmation.run(answer.digest);
    }
  })();
  db.close();
}

test(`of ${rows} rows the ${reviewed} that were reviewed are counted while pages come as fast as before`, async () => {
  const folder = newFolder();
  await (await openTestStore(folder)).close();
  seedStore(folder, reviewed);
  seedRun(folder, { name: 'r1', rows });
  seedReviewed(folder);
  const store = await openTestStore(folder);
  await store.runPage(page);
  const cpu = process.cpuUsage();
  const begun = performance.now();
  let isCounted = false;
  const counting = store.runReviewed('r1').finally(() => (isCounted = true));
  const waits: number[] = [];
  while (!isCounted) waits.push(await timed(() => store.runPage(page)));
  const tookMs = performance.now() - begun;
  expect(await counting).toBe(reviewed);
  const { user } = process.cpuUsage(cpu);
  console.log(
    `counted in ${tookMs.toFixed(0)} ms (${(user / 1000).toFixed(0)} ms of processor time); ${waits.length} pages meanwhile, the slowest after ${Math.max(...waits).toFixed(1)} ms`,
  );
  // A page that waited for the count would take as long as it.
  expect(waits.length).toBeGreaterThan(2);
  expect(median(waits)).toBeLessThan(tookMs / 2);
  await store.close();
}, 600_000);

test(`runs older than keepRunsDays go by themselves, ${rows} rows of one, while answers are asked for at once`, async () => {
  const folder = newFolder();
  const first = await openTestStore(folder);
  await first.setSettings({ keepRunsDays: 30 });
  await first.close();
  seedStore(folder, 1_000);
  seedRun(folder, { name: 'old', rows, endedAt: '2026-01-01T00:00:00.000Z' });
  seedRun(folder, { name: 'new', rows });
  const store = await openTestStore(folder);
  const waits: number[] = [];
  const rowsLeft = (): number => {
    const db = new Sqlite(path.join(folder, 'outpost.db'), { readonly: true });
    const { n } = db
      .prepare(
        "SELECT count(*) AS n FROM run_items WHERE run = coalesce((SELECT id FROM runs WHERE name = 'old'), 0)",
      )
      .get() as { n: number };
    db.close();
    return n;
  };
  await expect.poll(async () => (await store.listRuns(10)).map(({ id }) => id)).toEqual(['new']);
  const waitOf = (at: number): Promise<number> =>
    timed(async () => expect(await store.record(seedKey(seedAnswer(at % 1_000)))).not.toBeNull());
  const p99Of = (all: readonly number[]): number =>
    all.toSorted((one, other) => one - other)[Math.floor(all.length * 0.99)] ?? 0;
  for (let n = 0; rowsLeft() > 0; n += 1) for (let at = 0; at < 10; at += 1) waits.push(await waitOf(n + at));
  const p99 = p99Of(waits);
  const alone: number[] = [];
  for (const at of waits.keys()) alone.push(await waitOf(at));
  console.log(`${waits.length} answers while ${rows} rows went: p99 ${p99.toFixed(1)} ms`);
  // What a person does not notice; on a busy machine, where each answer waits for its turn, several times as long.
  expect(p99).toBeLessThan(Math.min(2_000, Math.max(200, 10 * p99Of(alone))));
  expect((await store.cacheStats()).answers).toBe(1_000);
  expect(
    (await store.runPage({ run: 'new', show: 'all', unsureBelow: 0, search: '', offset: 0, limit: 1 })).total,
  ).toBe(rows);
  await store.close();
  const db = new Sqlite(path.join(folder, 'outpost.db'), { readonly: true });
  expect(db.prepare('SELECT count(DISTINCT run) AS runs FROM run_watched').get()).toEqual({ runs: 1 });
  db.close();
}, 600_000);
