import { shownName } from './file-names.ts';

/** `excel` says by which separator the cells are told apart there: a semicolon goes with decimal commas. */
export type CsvOptions = { readonly excel?: 'comma' | 'semicolon' };
export type Cell = string | number | boolean;

/**
 * A line of RFC 4180 with its end. For Excel a text that begins as a formula does gets an apostrophe before it: a photo's
 * name must not be run.
 */
export function csvLine(cells: readonly Cell[], { excel }: CsvOptions = {}): string {
  return `${cells.map((value) => cellText(value, excel)).join(excel === 'semicolon' ? ';' : ',')}\r\n`;
}

/** What stands before the first line: for Excel a byte order mark, so that it reads UTF-8. */
export const csvStart = ({ excel }: CsvOptions = {}): string => (excel ? '\uFEFF' : '');

function cellText(value: Cell, excel: CsvOptions['excel']): string {
  if (typeof value === 'number' && excel === 'semicolon') return String(value).replace('.', ',');
  if (typeof value !== 'string') return String(value);
  const plain = shownName(value);
  const text = excel && /^[=+\-@\t\r]/u.test(plain) ? `'${plain}` : plain;
  const needsQuotes = (excel ? /[",;\t\r\n]/u : /[",\r\n]/u).test(text);
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}
