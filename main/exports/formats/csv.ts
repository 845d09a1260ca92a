import { csvLine, csvStart, pathText } from '../../lib/csv-line.ts';
import type { Cell, CsvOptions } from '../../lib/csv-line.ts';
import { itemColumns, rowOf } from '../rows.ts';
import type { ExportSource, Format, FormatOptions } from '../types.ts';

/** For programs; opened by a person all the same, no name and no label is executed by a spreadsheet. */
export const csv: Format = {
  kind: 'file',
  needsBoxes: false,
  leavesFaultsOut: false,
  write: (source, options) => writeCsv(source, options, {}),
};

/** For Excel: byte order mark and its separator. */
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
      columns.map((column) => cellOf(column, row[column] ?? '')),
      csvOptions,
    );
  }
}

/** Names of photos are paths below the folder of the run. */
const paths: ReadonlySet<string> = new Set(['file', 'duplicateOf']);
const cellOf = (column: string, value: Cell): Cell =>
  typeof value === 'string' && paths.has(column) ? pathText(value) : value;
