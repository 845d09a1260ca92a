import { recordColumns, recordRows } from '../../../../contract/record.ts';
import type { Row, TaskId } from '../../../../contract/tasks/index.ts';
import { shownName } from '../../../lib/file-names.ts';
import type { ExcelSeparator } from '../../options.ts';
import type { Format } from './format.ts';

/**
 * RFC 4180: one row for each label of a photo or output of a tensor run, one for an input without any. For Excel a byte
 * order mark stands first, so that it reads UTF-8; with semicolons numbers have decimal commas. And a text that begins as
 * a formula does gets an apostrophe before it: a photo's name must not be run.
 */
export function csvFormat(task: TaskId, excel?: ExcelSeparator): Format {
  const columns = recordColumns(task);
  const line = (cells: readonly (string | number | boolean)[]): string =>
    `${cells.map((value) => cell(value, excel)).join(excel === 'semicolon' ? ';' : ',')}\r\n`;
  const text = (row: Row): string => line(columns.map((column) => row[column] ?? ''));
  return {
    head: () => `${excel ? '\uFEFF' : ''}${line(columns)}`,
    one: (record) => recordRows(record).map(text).join(''),
    tail: () => '',
  };
}

function cell(value: string | number | boolean, excel: ExcelSeparator | undefined): string {
  if (typeof value === 'number' && excel === 'semicolon') return String(value).replace('.', ',');
  if (typeof value !== 'string') return String(value);
  const plain = shownName(value);
  const text = excel && /^[=+\-@\t\r]/u.test(plain) ? `'${plain}` : plain;
  const needsQuotes = (excel ? /[",;\t\r\n]/u : /[",\r\n]/u).test(text);
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}
