import { csvLine, csvStart } from '../../lib/csv-line.ts';
import type { CsvOptions } from '../../lib/csv-line.ts';
import { itemColumns, rowOf } from '../rows.ts';
import type { ExportSource, Format, FormatOptions } from '../types.ts';

/** For programs: values as they are. */
export const csv: Format = {
  kind: 'file',
  needsBoxes: false,
  leavesFaultsOut: false,
  write: (source, options) => writeCsv(source, options, {}),
};

/** For Excel: byte order mark, its separator, and no formulas. */
export const csvExcel: Format = {
  kind: 'file',
  needsBoxes: false,
  leavesFaultsOut: false,
  write: (source, options) => writeCsv(source, options, { excel: options.separator }),
};

async function* writeCsv(
  source: ExportSource,
  options: FormatOptions,
  csvOptions: CsvOptions,
): AsyncGenerator<string> {
  const columns = itemColumns(source);
  yield csvStart(csvOptions) + csvLine(columns, csvOptions);
  for await (const item of source.items()) {
    const row = rowOf(item, source, options);
    yield csvLine(
      columns.map((column) => row[column] ?? ''),
      csvOptions,
    );
  }
}
