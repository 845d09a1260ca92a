import { ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import type { ElementType } from '../../../../contract/tensors/tensor.ts';
import type { Columns } from './columns.ts';
import { malformed, openQuote, textOf } from './reader.ts';
import type { CellReader } from './reader.ts';

type Opened = { readonly reader: CellReader; readonly header: readonly string[] };

/** Reads all rows below the names; how many. The first fault ends it, and names the row (1 is the first) and the column. */
export function readRows({ reader, header }: Opened, columns: Columns, maxRows: number): Outcome<number> {
  let rows = 0;
  while (!reader.isAtEnd) {
    if (rows === maxRows)
      return malformed('The table', `it has more than ${maxRows} rows; send it in parts of fewer`);
    rows += 1;
    const wrong = readRow(reader, { header, columns, row: rows });
    if (!wrong.ok) return wrong;
  }
  return rows === 0 ? malformed('The table', 'it has no row below the names') : ok(rows);
}

function readRow(
  reader: CellReader,
  { header, columns, row }: Pick<Opened, 'header'> & { readonly columns: Columns; readonly row: number },
): Outcome<void> {
  let bad: Outcome<never> | null = null;
  let cells = 0;
  do {
    if (!reader.read()) return openQuote();
    if (cells < header.length && bad === null) {
      const { type, values } = columns.at(cells);
      if (!values.put(reader)) bad = badCell({ row, column: header[cells]!, text: textOf(reader) }, type);
    }
    cells += 1;
  } while (!reader.isRowEnd);
  // A row that is cut wrong has its cells in other columns: that is said first.
  if (cells !== header.length)
    return malformed(`Row ${row}`, `it has ${cells} cells, and the row of names has ${header.length}`);
  return bad ?? ok(undefined);
}

type BadCell = { readonly row: number; readonly column: string; readonly text: string };

function badCell({ row, column, text }: BadCell, type: ElementType): Outcome<never> {
  return malformed(
    `Row ${row}, column ${column.slice(0, 200)}`,
    text === '' ? 'it is empty' : `"${text.slice(0, 60)}" is no ${type}${commaHint(text)}`,
  );
}

const commaHint = (text: string): string =>
  /^[+-]?\d+,\d+$/u.test(text) ? '; write it with a decimal point' : '';
