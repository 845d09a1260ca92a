import { isUtf8 } from 'node:buffer';
import { failed, ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import { noTextReason, reasonText } from '../../../../contract/faults/reasons.ts';
import { asBuffer } from '../../../lib/as-buffer.ts';
import { decodeText, markOf, unmarkedUtf16 } from '../../../lib/text.ts';

/** Bytes of a cell: UTF-8, without quotes and without blanks around it. */
export type Cell = { readonly source: Buffer; readonly from: number; readonly to: number };

export const textOf = ({ source, from, to }: Cell): string => source.toString('utf8', from, to);

const quote = 0x22;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;

/**
 * Reads the cells of a table one after the other (RFC 4180: quotes, doubled quotes and line ends within them; an empty last
 * line is none), straight out of its bytes: of a table of millions of cells nothing is made but what a caller keeps.
 */
export class CellReader implements Cell {
  source: Buffer;
  from = 0;
  to = 0;
  /** Whether the cell that was read is the last one of its row. */
  isRowEnd = false;
  readonly #bytes: Buffer;
  #at = 0;
  /** A comma was the last byte of all: an empty cell stands behind it. */
  #isOpen = false;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.source = bytes;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length && !this.#isOpen;
  }

  /** The next cell is what this reader then is; false where a quote stays open. Not to be called at the end. */
  read(): boolean {
    const bytes = this.#bytes;
    this.source = bytes;
    if (this.#isOpen) {
      this.#isOpen = false;
      this.from = bytes.length;
      this.to = bytes.length;
      this.isRowEnd = true;
      return true;
    }
    if (bytes[this.#at] === quote) {
      if (!this.#quoted()) return false;
    } else this.#bare();
    this.isRowEnd = bytes[this.#at] !== comma;
    if (this.isRowEnd) {
      if (bytes[this.#at] === carriageReturn) this.#at += 1;
      if (bytes[this.#at] === lineFeed) this.#at += 1;
    } else {
      this.#at += 1;
      this.#isOpen = this.#at === bytes.length;
    }
    return true;
  }

  #bare(): void {
    const bytes = this.#bytes;
    const from = this.#at;
    let to = from;
    while (to < bytes.length) {
      const byte = bytes[to]!;
      if (byte === comma || byte === lineFeed || byte === carriageReturn) break;
      to += 1;
    }
    this.#at = to;
    this.#trim(from, to);
  }

  #trim(start: number, end: number): void {
    const { source } = this;
    let [from, to] = [start, end];
    while (from < to && isBlank(source[from]!)) from += 1;
    while (from < to && isBlank(source[to - 1]!)) to -= 1;
    [this.from, this.to] = [from, to];
    // Blanks that are no ASCII, as from a word processor.
    if (from === to || (source[from]! < 0x80 && source[to - 1]! < 0x80)) return;
    const text = source.toString('utf8', from, to);
    const trimmed = text.trim();
    if (trimmed.length !== text.length) this.#own(trimmed);
  }

  #quoted(): boolean {
    const bytes = this.#bytes;
    const from = this.#at + 1;
    let end = bytes.indexOf(quote, from);
    const isPlain = bytes[end + 1] !== quote;
    while (end >= 0 && bytes[end + 1] === quote) end = bytes.indexOf(quote, end + 2);
    if (end < 0) return false;
    this.#at = end + 1;
    this.#bare();
    if (isPlain && this.from === this.to) {
      [this.from, this.to] = [from, end];
      return true;
    }
    const rest = textOf(this);
    this.#own(bytes.toString('utf8', from, end).replaceAll('""', '"') + rest);
    return true;
  }

  #own(text: string): void {
    this.source = Buffer.from(text);
    [this.from, this.to] = [0, this.source.length];
  }
}

const isBlank = (byte: number): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0b || byte === 0x0c;

/** A reader behind the row of names. Faults name what is wrong with that row or with the bytes. */
export function openTable(bytes: Uint8Array): Outcome<{
  readonly reader: CellReader;
  readonly header: readonly string[];
}> {
  const text = utf8Of(bytes);
  if (!text.ok) return text;
  // The runtime would end a text at it.
  if (text.value.includes(0)) return malformed('The table', 'there is a NUL in it');
  const reader = new CellReader(text.value);
  const header: string[] = [];
  const seen = new Set<string>();
  while (!reader.isAtEnd) {
    if (!reader.read()) return openQuote();
    const name = textOf(reader);
    if (seen.has(name)) return malformed(`Column ${name.slice(0, 200)}`, 'there are two of that name');
    seen.add(name);
    header.push(name);
    if (reader.isRowEnd) break;
  }
  const [onlyName = ''] = header;
  if (header.length === 0) return malformed('The table', 'it has no row of names');
  const separator = [';', '\t'].find((one) => header.length === 1 && onlyName.includes(one));
  if (separator !== undefined)
    return malformed(
      'The table',
      `its cells are separated by ${separator === ';' ? 'semicolons' : 'tabs'}; save it with commas between cells and points in numbers`,
    );
  return ok({ reader, header });
}

export const openQuote = (): Outcome<never> => malformed('The table', 'a quote is not closed');

export function malformed(what: string, reason: string): Outcome<never> {
  return failed('request-malformed', { what, reason });
}

/** The bytes themselves where they are UTF-8 already. */
function utf8Of(bytes: Uint8Array): Outcome<Buffer> {
  const mark = markOf(bytes);
  const isPlain = mark === 'utf-8' || (mark === null && unmarkedUtf16(bytes) === null);
  if (isPlain && isUtf8(bytes)) return ok(asBuffer(bytes.subarray(mark === null ? 0 : 3)));
  const read = decodeText(bytes);
  return read.ok ? ok(Buffer.from(read.text)) : malformed('The table', reasonText(noTextReason(read.why)));
}
