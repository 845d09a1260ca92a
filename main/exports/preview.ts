import type { ExportPreview } from '../../contract/export.ts';
import type { Row } from '../../contract/tasks/index.ts';
import { itemColumns, rowOf } from './rows.ts';
import type { ExportSource } from './types.ts';
import { fitOf } from './write-export.ts';

/** The first rows of the table with one row per item, for every format. */
export async function previewOf(
  source: ExportSource,
  { rows: most, threshold }: { readonly rows: number; readonly threshold?: number },
): Promise<ExportPreview> {
  const rows: Row[] = [];
  for await (const item of source.items()) {
    rows.push(rowOf(item, source, { threshold }));
    if (rows.length === most) break;
  }
  const columns = itemColumns(source).filter((name) => rows.some((row) => (row[name] ?? '') !== ''));
  return {
    columns: [...columns],
    rows: rows.map((row) => columns.map((name) => String(row[name] ?? ''))),
    items: source.total,
    faults: source.faults,
    ...fitOf(source),
  };
}
