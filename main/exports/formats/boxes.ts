import { fault } from '../../../contract/faults/faults.ts';
import { namedRun } from '../../../contract/runs/run.ts';
import type { Placed } from '../../../contract/tasks/index.ts';
import { itemTaskOf } from '../../../contract/tasks/index.ts';
import { ExportError } from '../types.ts';
import type { ExportItem, ExportSource } from '../types.ts';

/**
 * Items with what is where on them, those with a fault left out. Throws an `ExportError` at an answer that was removed
 * from the cache: a photo of which nothing is known must not look empty.
 */
export async function* placedItems(
  source: ExportSource,
  threshold: number | undefined,
): AsyncGenerator<ExportItem & { readonly placed: Placed }> {
  for await (const item of source.items()) {
    if (item.fault) continue;
    yield { ...item, placed: placedOf(item, source, threshold) };
  }
}

/** What is where on an answered item, from the threshold on; 0 gives all that is kept. */
export function placedOf(
  { record, name }: ExportItem,
  source: ExportSource,
  threshold: number | undefined,
): Placed {
  if (!record) throw new ExportError(fault('export-answer-removed', { file: name, ...namedRun(source) }));
  const { print, placed } = itemTaskOf(record.result.task);
  if (!placed) throw new Error(`${source.task?.id} finds no places`);
  return placed(print(record.result, { threshold }));
}
