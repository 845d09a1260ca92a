import { shownName } from './file-names.ts';

/**
 * `excel`: for Excel, with this separator; a semicolon where the decimal separator is a comma. `isExact`: texts as they are, for programs
 * alone; otherwise none of them is executed by a spreadsheet.
 */
export type CsvOptions = { readonly excel?: 'comma' | 'semicolon'; readonly isExact?: boolean };
export type Cell = string | number | boolean;

/** One RFC 4180 line with its line end. */
export function csvLine(cells: readonly Cell[], options: CsvOptions = {}): string {
  const { excel } = options;
  return `${cells.map((value) => cellText(value, options)).join(excel === 'semicolon' ? ';' : ',')}\r\n`;
}

/** What precedes the first line: for Excel a byte order mark, so that it reads the file as UTF-8. */
export const csvStart = ({ excel }: CsvOptions = {}): string => (excel ? '\uFEFF' : '');

/** Signs that begin a formula; spreadsheets of East Asia take their wide forms as well. */
const signs = '=+@＝＋－＠-';
/** A text that begins as a formula does. */
export const formulaStart = new RegExp(`^[${signs}]`, 'u');
/** A spreadsheet of another country splits lines at other separators: a cell may begin behind any of them. */
const formula = new RegExp(`(^|[;\\t\\r\\n])(?='*[${signs}])|^(?='*[\\t\\r])`, 'gu');
const harmless = /^[+-]?(?:\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?)?$/u;

/** A relative path that does not begin as a formula does: another spelling of the same path. */
export const pathText = (path: string): string => (formulaStart.test(path) ? `./${path}` : path);

/**
 * An apostrophe before each sign of a formula that could begin a cell (OWASP, CSV injection), and before one that has apostrophes already:
 * so whoever takes one away from each such place has the very text.
 */
const inertText = (text: string): string => (harmless.test(text) ? text : text.replace(formula, "$1'"));

function cellText(value: Cell, { excel, isExact = false }: CsvOptions): string {
  if (typeof value === 'number' && excel === 'semicolon') return String(value).replace('.', ',');
  if (typeof value !== 'string') return String(value);
  const plain = shownName(value);
  if (isExact) return /[",\r\n]/u.test(plain) ? quoted(plain) : plain;
  // Most texts of a long run have none of these.
  if (/[",;\t\r\n]/u.test(plain)) return quoted(inertText(plain));
  return plain.startsWith("'") || formulaStart.test(plain) ? inertText(plain) : plain;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
