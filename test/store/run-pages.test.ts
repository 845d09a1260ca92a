import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shiftClock } from '../../contract/pictures/camera.ts';
import type { Camera } from '../../contract/pictures/camera.ts';
import { fault } from '../../contract/faults/faults.ts';
import type { RunPageQuery, RunSort } from '../../contract/runs/run.ts';
import { openWritable } from '../../main/store/database.ts';
import { migrate } from '../../main/store/migrations/index.ts';
import { unsureCount } from '../../main/store/runs/counts.ts';
import { spanRows } from '../../main/store/runs/matches.ts';
import { indexedPages } from '../../main/store/runs/order.ts';
import type { RunItemEntry, Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { startRun } from '../fixtures/start-run.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';

const count = 600;
const labels = ['lynx', 'Lynx', 'ant', 'Zebra', 'Äffchen', '鹿', 'lynx rufus'];
const cameras: readonly Camera[] = [
  {},
  { make: 'Acme', model: 'Trail 5', serial: 'SN-77' },
  { make: 'Acme', model: 'Trail 5', serial: 'SN-78' },
  { make: 'RECONYX', model: 'HyperFire' },
];
let store: Store;
/** What a person said of folders so far: seconds, and a site. */
const stated = { shiftS: 0, site: null as string | null };
/** The rows as they should be; a plain list that is filtered and sorted by JavaScript. */
const rows: RunItemEntry[] = [];
const progress = { found: count, scanned: true, leftOut: { other: 0, hidden: 0, system: 0 }, elapsedMs: 0 };

let state = 20_261_129;
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
  return (state >>> 0) / 2 ** 32;
}

function item(at: number, kind: 'fault' | 'empty' | 'answered'): RunItemEntry {
  const name = `${at % 7 === 0 ? 'Übersicht' : 'img'}/${at}.JPG`;
  const camera = kind === 'fault' ? undefined : cameras[Math.floor(random() * cameras.length)];
  const day = `2026-05-0${1 + Math.floor(random() * 5)}`;
  const label = kind === 'answered' ? labels[Math.floor(random() * labels.length)]! : null;
  return {
    run: 'r1',
    place: { input: 0, below: name },
    name,
    key: kind === 'fault' ? null : `sha256:${at}`,
    label,
    labels: label === null ? [] : [label],
    score: label === null ? null : Math.floor(random() * 20) / 20,
    durationMs: null,
    cached: false,
    fault: kind === 'fault' ? fault(at % 2 === 0 ? 'file-empty' : 'file-not-found', { file: name }) : null,
    ...(camera && { camera: random() < 0.2 ? camera : { ...camera, takenAt: `${day}T12:00:00` } }),
  };
}
const kindOf = (): 'fault' | 'empty' | 'answered' => {
  const drawn = random();
  return drawn < 0.15 ? 'fault' : drawn < 0.35 ? 'empty' : 'answered';
};

beforeAll(async () => {
  store = await openTestStore(newFolder());
  await startRun(store);
});
afterAll(() => store.close());

function grow(more: number): void {
  for (let at = 0; at < more; at += 1) {
    rows.push(item(rows.length, kindOf()));
    store.addRunItem(rows.at(-1)!, progress);
  }
}
/** Some of the failed items, asked again: answered, empty, or failed once more. */
function retrySome(): void {
  rows.forEach((row, seq) => {
    if (row.fault === null || random() < 0.5) return;
    rows[seq] = item(seq, kindOf());
    store.replaceRunItem(rows[seq], { seq, elapsedMs: 0 });
  });
}

const fold = (text: string): string => text.replace(/[A-Z]/gu, (letter) => letter.toLowerCase());
function wanted(query: RunPageQuery): readonly number[] {
  const { show, search, unsureBelow, label, fault: code, sort, camera, site, from, to } = query;
  const siteOf = ({ name }: RunItemEntry): string => stated.site ?? name.split('/')[0]!;
  const isOf = ({ camera: of = {} }: RunItemEntry, name: string): boolean =>
    [of.serial, of.model, `${of.make} ${of.model}`].some(
      (each) => each?.toLowerCase() === name.toLowerCase(),
    );
  const takenAt = ({ camera: of }: RunItemEntry): string | null =>
    of?.takenAt === undefined ? null : shiftClock(of.takenAt, stated.shiftS);
  const found = rows
    .map((row, seq) => ({ ...row, seq }))
    .filter(
      (row) =>
        (show !== 'faults' || row.fault !== null) &&
        (show !== 'empty' || (row.fault === null && row.label === null)) &&
        (show !== 'unsure' || (row.score !== null && row.score < unsureBelow)) &&
        (label === undefined || row.label?.toLowerCase() === label.toLowerCase()) &&
        (code === undefined || row.fault?.code === code) &&
        (camera === undefined || isOf(row, camera)) &&
        (site === undefined || siteOf(row).toLowerCase() === site.toLowerCase()) &&
        (from === undefined || (takenAt(row) ?? '') >= from) &&
        (to === undefined || (takenAt(row) ?? '9').slice(0, to.length) <= to) &&
        `${row.name}\n${row.label ?? ''}`.toLowerCase().includes(search.toLowerCase()),
    );
  if (sort?.by === 'walk' && sort.descending) found.reverse();
  if (sort && sort.by !== 'walk') {
    const valueOf = (row: RunItemEntry) => (sort.by === 'score' ? row.score : row.label && fold(row.label));
    const sign = sort.descending ? -1 : 1;
    found.sort((one, other) => {
      const [left, right] = [valueOf(one), valueOf(other)];
      if (left === null || right === null)
        return left === right ? one.seq - other.seq : left === null ? 1 : -1;
      return (left < right ? -1 : left > right ? 1 : one.seq - other.seq) * sign;
    });
  }
  return found.map(({ seq }) => seq);
}

const sorts: readonly (RunSort | undefined)[] = [
  undefined,
  ...(['walk', 'label', 'score'] as const).flatMap((by) => [
    { by, descending: false },
    { by, descending: true },
  ]),
];
const filters: readonly Partial<RunPageQuery>[] = [
  ...(['all', 'faults', 'empty', 'unsure'] as const).map((show) => ({ show })),
  { search: 'ÜBER' },
  { search: 'lynx', show: 'unsure' },
  { label: 'lynx' },
  { fault: 'file-empty' },
  { camera: 'sn-77' },
  { camera: 'Acme Trail 5' },
  { camera: 'hyperfire', label: 'lynx' },
  { site: 'übersicht' },
  { site: 'Ridge', show: 'empty' },
  { from: '2026-05-03' },
  { from: '2026-05-02T13:00', to: '2026-05-04', show: 'unsure' },
  { to: '2026-05-02T12:00:00', camera: 'SN-78', search: 'img' },
];
const setFolder = async (change: Partial<typeof stated>): Promise<void> => {
  Object.assign(stated, change);
  await store.setRunFolder('r1', { folder: '', ...change });
};

test('each filter in each order has the rows that a plain list has, as rows are added and failed ones answered', async () => {
  let compared = 0;
  const changes: readonly (() => void | Promise<void>)[] = [
    () => grow(count - 50),
    () => grow(50),
    retrySome,
    () => setFolder({ shiftS: 7200 }),
    () => grow(1),
    () => setFolder({ shiftS: -86_400, site: 'Ridge' }),
    retrySome,
  ];
  for (const [changed, change] of changes.entries()) {
    await change();
    for (const [which, filter] of filters.entries())
      for (const [order, sort] of sorts.entries()) {
        // In the usual run each filter meets each order after two of the changes.
        if ((changed + which + order) % sorts.length >= inLong(sorts.length, 2)) continue;
        const query: RunPageQuery = {
          run: 'r1',
          show: 'all',
          unsureBelow: 0.4,
          search: '',
          offset: 0,
          limit: 500,
          ...filter,
          ...(sort && { sort }),
        };
        const expected = wanted(query);
        const whole = await store.runPage(query);
        const name = JSON.stringify([filter, sort]);
        expect(
          whole.rows.map(({ seq }) => seq),
          name,
        ).toEqual(expected.slice(0, 500));
        expect(whole, name).toMatchObject({
          total: expected.length,
          all: rows.length,
          faults: wanted({ ...query, show: 'faults', ...plain }).length,
          empty: wanted({ ...query, show: 'empty', ...plain }).length,
          unsure: wanted({ ...query, show: 'unsure', ...plain }).length,
        });
        // All of them at once, and what lies between two rows, as a person selects them.
        const span = await store.runSpan({ ...query, limit: 1_000_000 });
        expect([[...span.items], span.isWhole], name).toEqual([expected, true]);
        const part = await store.runSpan({ ...query, offset: 5, limit: 20 });
        expect([...part.items], name).toEqual(expected.slice(5, 25));
        // Pages at the seams: where items without a label or score begin, and the end.
        for (const offset of [3, Math.floor(expected.length * 0.6), Math.max(0, expected.length - 7)]) {
          const page = await store.runPage({ ...query, offset, limit: 60 });
          expect(
            page.rows.map(({ seq }) => seq),
            `${name} from ${offset}`,
          ).toEqual(expected.slice(offset, offset + 60));
        }
        compared += whole.rows.length;
      }
  }
  expect(compared).toBeGreaterThan(10_000);
}, 120_000);
const plain = {
  search: '',
  label: undefined,
  fault: undefined,
  camera: undefined,
  site: undefined,
  from: undefined,
  to: undefined,
};

test('what every page counts, and the pages that have an index, read that index alone', () => {
  const opened = openWritable(path.join(newFolder(), 'outpost.db'));
  migrate(opened.handle);
  const spans = [
    { origins: [1, 2], from: null, to: null },
    { origins: [1], from: 1, to: 2 },
  ].map((span) => `SELECT seq ${spanRows(span).sql}`);
  for (const sql of [...Object.values(indexedPages), unsureCount, ...spans]) {
    const values = sql
      .split('?')
      .slice(1)
      .map(() => 1);
    const plan = opened.handle.all<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, ...values);
    expect(
      plan.map(({ detail }) => detail),
      sql,
    ).toEqual([
      expect.stringMatching(/^SEARCH run_items USING COVERING INDEX run_items_\w+ \(run=\?/u),
      ...(spans.includes(sql)
        ? [expect.stringMatching('SUBQUERY'), expect.stringMatching('SCAN json_each')]
        : []),
    ]);
  }
  opened.close();
});
