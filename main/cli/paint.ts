import { randomUUID } from 'node:crypto';
import { shownName } from '../lib/file-names.ts';
import { withoutOrders } from '../lib/terminal-text.ts';

/** Colour by meaning, so that a terminal's own theme decides how it looks. */
export type Paint = Readonly<Record<'strong' | 'dim' | 'good' | 'bad' | 'accent', (text: string) => string>>;

/**
 * Placeholder for ESC in Outpost's own output. It is random, so `toTerminal` can strip every other ESC: terminal
 * escapes in file names stay harmless.
 */
const escape = `\uE000${randomUUID()}\uE001`;
const sgr = (on: number, off: number) => (text: string) => `${escape}[${on}m${text}${escape}[${off}m`;
/** To the start of the line, and empties it. */
export const lineStart = `${escape}[1G${escape}[2K`;

/** Output sanitiser: all text for a terminal passes here; only sequences of `paint` and `lineStart` become escapes. */
export const toTerminal = (text: string): string =>
  withoutOrders(shownName(text)).replaceAll(escape, '\u001b');

export const paint: Paint = {
  strong: sgr(1, 22),
  dim: sgr(2, 22),
  good: sgr(32, 39),
  bad: sgr(31, 39),
  accent: sgr(36, 39),
};

const same = (text: string): string => text;
export const plainPaint: Paint = { strong: same, dim: same, good: same, bad: same, accent: same };

/** A bar of `width` cells for a share of 0 to 1, exact to an eighth of a cell. */
export function bar(share: number, width: number): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * width * 8);
  const rest = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? '';
  return '█'.repeat(Math.floor(eighths / 8)) + rest;
}

/** Cut to `width` cells with an ellipsis behind a `head` share of them: 0 keeps the end, where paths differ most. */
export function fit(text: string, width: number, head = 0.6): string {
  const letters = lettersOf(printable(text));
  if (letters.length <= width) return letters.join('');
  const shown = Math.floor((width - 1) * head);
  return `${letters.slice(0, shown).join('')}…${letters.slice(letters.length - (width - 1 - shown)).join('')}`;
}

export const pad = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - lettersOf(text).length));
export const padStart = (text: string, width: number): string =>
  ' '.repeat(Math.max(0, width - lettersOf(text).length)) + text;

const segmenter = new Intl.Segmenter();
/** Grapheme clusters. */
const lettersOf = (text: string): readonly string[] =>
  /^[\u0020-\u007e]*$/u.test(text)
    ? text.split('')
    : Array.from(segmenter.segment(text), ({ segment }) => segment);

/** Control characters in a name must not steer the terminal. */
export const printable = (text: string): string => withoutOrders(shownName(text)).replace(/[\n\t]/gu, '�');

export function bytesText(bytes: number): string {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${step === 0 ? bytes : (bytes / 1024 ** step).toFixed(1)} ${units[step]}`;
}

/** Rows as columns of equal width, two spaces apart. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => lettersOf(row[column] ?? '').length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
