import { shownName } from './file-names.ts';

/** `excel`: for Excel, with this separator; a semicolon where the decimal separator is a comma. */
export type CsvOptions = { readonly excel?: 'comma' | 'semicolon' };
export type Cell = string | number | boolean;

/**
 * One RFC 4180 line with its line end. For Excel, a text that looks like a formula is prefixed with an apostrophe: the
 * name of a photo must not be executed.
 */
export function csvLine(cells: readonly Cell[], { excel }: CsvOptions = {}): string {
  return `${cells.map((value) => cellText(value, excel)).join(excel === 'semicolon' ? ';' : ',')}\r\n`;
}

/** What precedes the first line: for Excel a byte order mark, so that it reads the file as UTF-8. */
export const csvStart = ({ excel }: CsvOptions = {}): string => (excel ? '\uFEFF' : '');

function cellText(value: Cell, excel: CsvOptions['excel']): string {
  if (typeof value === 'number' && excel === 'semicolon') return String(value).replace('.', ',');
  if (typeof value !== 'string') return String(value);
  const plain = shownName(value);
  const text = excel && /^[=+\-@\t\r]/u.test(plain) ? `'${plain}` : plain;
  const needsQuotes = (excel ? /[",;\t\r\n]/u : /[",\r\n]/u).test(text);
  return needsQuotes ? `"${text.replaceAll('"', '""')}"` : text;
}
