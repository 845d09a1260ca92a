import { failed, ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import { itemTaskOf } from '../../contract/tasks/index.ts';
import type { Store, StoredExportItem, StoredExportRun } from '../store/index.ts';
import type { ExportItem, ExportSource } from './types.ts';

/** Items asked of the store at a time: an answer with all of its boxes has a few KB. */
const pageSize = 500;

/** A run as it stands now: what it answers from here on is not part of it. `request-invalid` names a run that is not there. */
export async function openSource(store: Store, id: string): Promise<Outcome<ExportSource>> {
  await store.flush();
  const run = await store.exportRun(id);
  if (!run) return failed('run-not-found', { run: id });
  const items = (): AsyncGenerator<ExportItem> => itemsOf(store, run);
  const { title, model, version, startedAt, items: total, faults } = run;
  return ok({ id, title, model, version, startedAt, total, faults, task: await taskIn(items()), items });
}

async function* itemsOf(store: Store, { id, items }: StoredExportRun): AsyncGenerator<ExportItem> {
  for (let from = 0; from < items; from += pageSize) {
    const page = await store.exportItems(id, { from, to: Math.min(items, from + pageSize) });
    for (const item of page) yield itemOf(item);
  }
}

function itemOf({
  path,
  name,
  label,
  score,
  cached,
  fault,
  answer,
  confirmed,
}: StoredExportItem): ExportItem {
  const record = answer && { ...answer, input: path, cached };
  return { path, name, record, label, score, fault, confirmed };
}

async function taskIn(items: AsyncIterable<ExportItem>): Promise<ExportSource['task']> {
  for await (const { record } of items) if (record) return itemTaskOf(record.result.task);
  return null;
}
