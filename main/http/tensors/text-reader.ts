import { joinStrings } from '../../lib/length-prefixed.ts';
import { JsonFault } from './json-fault.ts';
import { parse, skip, stringEnd } from './json-text.ts';
import { NestedReader } from './nested-reader.ts';

type TextRules = {
  readonly maxTexts: number;
  readonly maxDepth: number;
  /** `base64`: every text is base64 of bytes. `b64-objects`: bytes come as {"b64": "…"} in place of a text. */
  readonly bytesAs: 'texts' | 'base64' | 'b64-objects';
};

/** Reads texts into strings behind their lengths, as BYTES tensors have them. */
export class TextReader extends NestedReader {
  readonly #rules: TextRules;
  readonly #strings: Uint8Array[] = [];

  constructor(text: Buffer, rules: TextRules) {
    super(text, rules.maxDepth);
    this.#rules = rules;
  }

  bytes(): Uint8Array {
    return joinStrings(this.#strings);
  }

  /** Each string by itself: bytes of the text that was read, where they stand there as they are. */
  strings(): readonly Uint8Array[] {
    return this.#strings;
  }

  protected readOne(byte: number): void {
    const { maxTexts, bytesAs } = this.#rules;
    if (this.#strings.length >= maxTexts) throw new JsonFault(`more than ${maxTexts} texts`, this.at);
    if (byte === 0x7b && bytesAs === 'b64-objects') this.#object();
    else if (byte === 0x22) this.#string(bytesAs === 'base64');
    else throw new JsonFault(`a text is missing, and ${this.#near()} stands there`, this.at);
  }

  #string(isBase64: boolean): void {
    const start = this.at;
    const end = stringEnd(this.text, start);
    const inside = this.text.subarray(start + 1, end - 1);
    this.at = end;
    const string = isPlain(inside) ? inside : Buffer.from(this.#unescaped(start, end));
    this.#strings.push(isBase64 ? Buffer.from(string.toString('latin1'), 'base64') : string);
  }

  #unescaped(start: number, end: number): string {
    const text = parse(this.text, { start, end }) as string;
    if (/\p{Surrogate}/u.test(text)) throw new JsonFault('half a surrogate pair is no text', start);
    return text;
  }

  /** {"b64": "…"} and nothing besides. */
  #object(): void {
    const start = this.at;
    const name = b64Start.exec(this.text.toString('latin1', start, start + 64));
    if (!name) throw new JsonFault(misfit, start);
    const from = start + name[0].length - 1;
    const end = stringEnd(this.text, from);
    const written = this.text.toString('latin1', from + 1, end - 1);
    const bytes = decodeBase64(written.includes('\\') ? this.#unescaped(from, end) : written);
    if (bytes === null) throw new JsonFault('this is not base64', from);
    const close = skip(this.text, end);
    if (this.text[close] !== 0x7d) throw new JsonFault(misfit, start);
    this.at = close + 1;
    this.#strings.push(bytes);
  }

  #near(): string {
    return this.text.toString('latin1', this.at, this.at + 40).split(/[\s,\]}]/u, 1)[0] || 'nothing';
  }
}

const misfit = 'bytes come as {"b64": "…"} and nothing besides';
const b64Start = /^\{[ \t\r\n]*"b64"[ \t\r\n]*:[ \t\r\n]*"/u;
/** Whether an object that begins here is bytes in base64. */
export const isB64 = (text: Buffer, from: number): boolean =>
  text[from] === 0x7b && b64Start.test(text.toString('latin1', from, from + 64));

// eslint-disable-next-line no-control-regex -- these are what is looked for
const special = /[\u0000-\u001f\\]/u;
/** Whether the bytes between two quotes stand for themselves. */
const isPlain = (inside: Buffer): boolean => !special.test(inside.toString('latin1'));

/** Null for what is not base64: Node's own decoder skips what it does not know. Padding may be left out. */
function decodeBase64(text: string): Buffer | null {
  const bare = /\s/u.test(text) ? text.replace(/\s+/gu, '') : text;
  const length = bare.endsWith('==') ? bare.length - 2 : bare.endsWith('=') ? bare.length - 1 : bare.length;
  if (length % 4 === 1 || (length < bare.length && bare.length % 4 !== 0)) return null;
  const bytes = Buffer.from(bare, 'base64');
  return bytes.length === Math.floor((length * 3) / 4) ? bytes : null;
}
