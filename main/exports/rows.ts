import { recordOutcome, recordRows } from '../../contract/record.ts';
import type { ItemRecord } from '../../contract/record.ts';
import { entryColumns } from '../../contract/tasks/index.ts';
import type { Row } from '../../contract/tasks/index.ts';
import type { ExportItem, ExportSource, FormatOptions } from './types.ts';

/** Columns of one row an item: a promise to those who read the files. */
export const itemColumns = ({ task }: ExportSource): readonly string[] => [
  'input',
  'file',
  ...(task?.columns ?? ['label', 'score']).filter((column) => !entryColumns.has(column)),
  'confirmed',
  'model',
  'version',
  'variant',
  'provider',
  'at',
  'appVersion',
  'digest',
  'packDigest',
  'fault',
  'message',
];

/** The item's record as `outpost predict` writes it; null where the answer was removed from the cache. */
export function recordOf(
  { path, record, fault }: ExportItem,
  filter: { readonly top?: number; readonly threshold?: number },
): ItemRecord | null {
  if (fault) return recordOutcome({ input: path, fault }, filter);
  return record && recordOutcome(record, filter);
}

/** The first entry of an item stands for all of them: one row. */
export function rowOf(item: ExportItem, { model, version }: ExportSource, options: FormatOptions): Row {
  const { label, score, confirmed } = item;
  const record = recordOf(item, { top: undefined, threshold: options.threshold });
  const [row = {}] = record ? recordRows(record) : [];
  const unrecorded = record
    ? {}
    : { input: item.path, ...(label !== null && { label }), ...(score !== null && { score }) };
  return {
    model,
    version,
    ...row,
    ...unrecorded,
    file: item.name,
    ...(confirmed && { confirmed: confirmed.label }),
  };
}
