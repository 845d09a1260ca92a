import { failed, ok } from '../../../../contract/faults.ts';
import type { Outcome } from '../../../../contract/faults.ts';
import { decodeText } from '../../../lib/text.ts';

export type Table = { readonly header: readonly string[]; readonly rows: readonly (readonly string[])[] };

/**
 * A table of RFC 4180 in UTF-8: a row of names, then rows of as many cells; quotes, doubled quotes and line ends within
 * them; an empty last line is none. Faults name the row, 1 is the first below the names.
 */
export function readTable(bytes: Uint8Array): Outcome<Table> {
  const read = decodeText(bytes);
  if (!read.ok) return malformed('The table', read.reason);
  const { text } = read;
  // The runtime would end a text at it.
  if (text.includes('\0')) return malformed('The table', 'there is a NUL in it');
  const lines = splitLines(text);
  if (lines === null) return malformed('The table', 'a quote is not closed');
  const [header, ...rows] = lines;
  if (!header) return malformed('The table', 'it has no row of names');
  const [onlyName = ''] = header;
  const separator = [';', '\t'].find((one) => header.length === 1 && onlyName.includes(one));
  if (separator !== undefined)
    return malformed(
      'The table',
      `its cells are separated by ${separator === ';' ? 'semicolons' : 'tabs'}; save it with commas between cells and points in numbers`,
    );
  const twice = firstTwice(header);
  if (twice !== null) return malformed(`Column ${twice.slice(0, 200)}`, 'there are two of that name');
  const odd = rows.findIndex((row) => row.length !== header.length);
  if (odd >= 0)
    return malformed(
      `Row ${odd + 1}`,
      `it has ${rows[odd]!.length} cells, and the row of names has ${header.length}`,
    );
  return rows.length === 0 ? malformed('The table', 'it has no row below the names') : ok({ header, rows });
}

export function malformed(what: string, reason: string): Outcome<never> {
  return failed('request-malformed', { what, reason });
}

function firstTwice(names: readonly string[]): string | null {
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return null;
}

/** Null where a quote stays open. */
function splitLines(text: string): (readonly string[])[] | null {
  const lines: string[][] = [];
  let line: string[] = [];
  let at = 0;
  while (at < text.length) {
    const cell = text[at] === '"' ? quotedCell(text, at) : bareCell(text, at);
    if (cell === null) return null;
    line.push(cell.value);
    at = cell.end;
    if (text[at] === ',') {
      at += 1;
      if (at < text.length) continue;
      line.push('');
    }
    if (text[at] === '\r') at += 1;
    if (text[at] === '\n') at += 1;
    lines.push(line);
    line = [];
  }
  return lines;
}

type Cell = { readonly value: string; readonly end: number };

function bareCell(text: string, from: number): Cell {
  cellEnd.lastIndex = from;
  const end = cellEnd.exec(text)?.index ?? text.length;
  return { value: text.slice(from, end).trim(), end };
}
const cellEnd = /[,\r\n]/gu;

function quotedCell(text: string, from: number): Cell | null {
  let value = '';
  let at = from + 1;
  for (;;) {
    const end = text.indexOf('"', at);
    if (end < 0) return null;
    value += text.slice(at, end);
    if (text[end + 1] !== '"') {
      const rest = bareCell(text, end + 1);
      return { value: value + rest.value, end: rest.end };
    }
    value += '"';
    at = end + 2;
  }
}
