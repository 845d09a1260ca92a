import { fault } from '../../contract/faults/faults.ts';
import type { PredictionRecord } from '../../contract/runs/prediction.ts';
import type { Result } from '../../contract/tasks/index.ts';
import { itemTaskOf } from '../../contract/tasks/index.ts';
import { openSource } from '../../main/exports/index.ts';
import type { ExportSource } from '../../main/exports/index.ts';
import { recordRow } from '../../main/store/index.ts';
import type { Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { startRun } from '../fixtures/start-run.ts';
import { stored } from '../fixtures/stored-record.ts';

/** A camera card as a run left it in a real store: photos with boxes, an empty one, a broken one, names that want to be formulas. */
export type Item = { readonly name: string; readonly result: Result | null };

type Found = { readonly index: number; readonly score: number; readonly box: readonly number[] };
const labels = ['animal', 'person', 'vehicle'];
const boxes = (detections: readonly Found[]): Result =>
  ({
    task: 'object-detection',
    width: 800,
    height: 600,
    threshold: 0.5,
    detections: detections.map((each) => ({ ...each, label: labels[each.index] })),
  }) as Result;

export const card: readonly Item[] = [
  {
    name: 'DCIM/IMG_0001.JPG',
    result: boxes([
      { index: 0, score: 0.931, box: [80, 60, 480, 360] },
      { index: 0, score: 0.72, box: [500, 300, 700, 450] },
      { index: 1, score: 0.31, box: [0, 0, 80, 60] },
    ]),
  },
  { name: 'DCIM/IMG_0002.JPG', result: boxes([]) },
  { name: 'DCIM/broken.JPG', result: null },
  { name: '=HYPERLINK("http:x"), "y".JPG', result: boxes([{ index: 2, score: 0.5, box: [1, 2, 3.5, 4] }]) },
  { name: '-Füchse\tam Bau\u0001.JPG', result: boxes([{ index: 1, score: 0.999, box: [10, 20, 410, 320] }]) },
];
export const labelled: readonly Item[] = [
  { name: 'a.jpg', result: stored.result },
  { name: 'b.jpg', result: null },
];

/** A store in this folder with a run of these items. */
export async function storeWith(
  folder: string,
  runs: Readonly<Record<string, readonly Item[]>>,
): Promise<Store> {
  const store = await openTestStore(folder);
  for (const [run, items] of Object.entries(runs)) {
    await startRun(store, { id: run, title: 'Card 7', version: '1.2.0', startedAt }, '/card');
    items.forEach((item, at) => addItem(store, { run, at, ...item }));
  }
  await store.flush();
  return store;
}
export const startedAt = '2026-11-22T10:00:00.000Z';

export const digestAt = (run: string, at: number): `sha256:${string}` =>
  `sha256:${Buffer.from(`${run}${at}`).toString('hex').padEnd(64, '0')}`;

function addItem(store: Store, { run, at, name, result }: Item & { run: string; at: number }): void {
  const common = { run, place: { input: 0, below: name }, name, cached: false };
  const progress = { found: at, scanned: true, leftOut: { other: 0, hidden: 0, system: 0 }, elapsedMs: 0 };
  if (!result) {
    const why = fault('image-unreadable', { file: name });
    store.addRunItem(
      { ...common, key: null, label: null, labels: [], score: null, durationMs: null, fault: why },
      progress,
    );
    return;
  }
  const { input: _, cached: __, ...base } = stored;
  const answer: Omit<PredictionRecord, 'input' | 'cached'> = {
    ...base,
    model: 'm',
    version: '1.2.0',
    digest: digestAt(run, at),
    result,
  };
  const key = `sha256:${run}-${at}`;
  store.putRecord(key, recordRow(answer), null);
  const first = itemTaskOf(result.task).headline(result);
  const head = {
    label: first?.label ?? null,
    labels: first ? [first.label] : [],
    score: first?.score ?? null,
  };
  store.addRunItem({ ...common, ...head, key, durationMs: 3, fault: null }, progress);
}

export async function sourceOf(store: Store, run: string): Promise<ExportSource> {
  const source = await openSource(store, run);
  if (!source.ok) throw new Error(source.fault.message);
  return source.value;
}
