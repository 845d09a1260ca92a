import type { ExportChoice, ExportCount, ExportPreview, ExportRows } from '../../contract/runs/export.ts';
import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { itemTaskOf } from '../../contract/tasks/index.ts';
import type { Row } from '../../contract/tasks/index.ts';
import type { Store } from '../store/index.ts';
import { createFolders, walkOutline } from './outline/index.ts';
import type { Deployment, Outline, OutlinedRun } from './outline/index.ts';
import { itemColumns, rowOf } from './rows.ts';
import { itemOf } from './source.ts';
import type { ExportItem, ExportSource } from './types.ts';
import { fitOf } from './write-export.ts';

type Rows = { readonly rows: number; readonly threshold?: number | undefined };

/** The first rows of the table with one row per item, for every format. */
export async function previewOf(
  source: ExportSource,
  { rows: most, threshold }: Rows,
): Promise<ExportPreview> {
  const items: ExportItem[] = [];
  for await (const item of source.items()) {
    items.push(item);
    if (items.length === most) break;
  }
  return { ...tableOf(items, { source, threshold }), ...countOf(source) };
}

/** How many items there are, and the formats that can hold them. */
export const countOf = (source: ExportSource): ExportCount => ({
  items: source.total,
  faults: source.faults,
  duplicates: source.duplicates,
  ...fitOf(source),
});

type FirstRows = Rows & { readonly choice: ExportChoice; readonly signal?: AbortSignal };

/**
 * The same rows before the run was looked through: without events and coordinates, which follow from all of its items.
 * Faults: `run-not-found`, `cancelled`.
 */
export async function firstRows(
  store: Store,
  id: string,
  { rows: most, threshold, choice, signal }: FirstRows,
): Promise<Outcome<ExportRows>> {
  await store.flush();
  const run = await store.exportRun(id);
  if (!run) return failed('run-not-found', { run: id });
  const first = await firstChosen(store, run, { most, choice, signal });
  if (signal?.aborted) return failed('cancelled');
  const outline = await outlineOf(store, id, first);
  const pages = await Promise.all(first.map(({ seq }) => store.exportItems(id, { from: seq, to: seq + 1 })));
  const items = pages.flat().map((item) => itemOf(item, outline));
  const record = items.find((item) => item.record)?.record;
  const task = record ? itemTaskOf(record.result.task) : null;
  return ok(tableOf(items, { source: { ...run, task }, threshold }));
}

type First = { readonly seq: number; readonly origin: number };

async function firstChosen(
  store: Store,
  run: OutlinedRun,
  { most, choice, signal }: Pick<FirstRows, 'choice' | 'signal'> & { readonly most: number },
): Promise<readonly First[]> {
  const first: First[] = [];
  for await (const { slice, chosen } of walkOutline(store, run, { choice, signal, onlyChosen: true })) {
    for (let at = chosen.indexOf(1); at !== -1 && first.length < most; at = chosen.indexOf(1, at + 1))
      first.push({ seq: slice.seqs[at]!, origin: slice.origins[at]! });
    if (first.length === most) break;
  }
  return first;
}

/** Sites and clocks of these items; nothing is told of their places. */
async function outlineOf(
  store: Store,
  run: string,
  items: readonly First[],
): Promise<Pick<Outline, 'deploymentOf' | 'shiftOf' | 'eventOf'>> {
  const [stated, origins] = [await store.runFolders(run), await store.outlineOrigins(run)];
  const factsOf = createFolders(stated);
  const factsAt = new Map(
    items.map(({ seq, origin }) => [
      seq,
      factsOf(origins.find(({ id }) => id === origin) ?? { folder: '', site: '' }),
    ]),
  );
  return {
    deploymentOf: (seq) => hidden(factsAt.get(seq)?.site ?? ''),
    shiftOf: (seq) => factsAt.get(seq)?.shiftS ?? 0,
    eventOf: () => null,
  };
}

const hidden = (name: string): Deployment => ({
  id: name,
  site: { name, place: null, leaves: 'none' },
  make: null,
  model: null,
  serial: null,
  firstMs: null,
  lastMs: null,
  isShifted: false,
  offset: null,
  timed: 0,
});

type Table = {
  readonly source: Pick<ExportSource, 'task' | 'model' | 'version'>;
  readonly threshold: number | undefined;
};

function tableOf(items: readonly ExportItem[], { source, threshold }: Table): ExportRows {
  const rows: readonly Row[] = items.map((item) => rowOf(item, source, { threshold }));
  const columns = itemColumns(source).filter((name) => rows.some((row) => (row[name] ?? '') !== ''));
  return {
    columns: [...columns],
    rows: rows.map((row) => columns.map((name) => String(row[name] ?? ''))),
  };
}
