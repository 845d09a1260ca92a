import { flatNumbersAt } from './flat-numbers.ts';
import type { FlatNumbers } from './flat-numbers.ts';

/** A JSON value with its place in the body, so that an answer can echo it and whole numbers stay exact. */
export type Json = Place &
  (
    | { readonly kind: 'null' | 'true' | 'false' }
    /** `isWhole`: written without fraction and exponent. NaN, Infinity and -Infinity are numbers too. */
    | { readonly kind: 'number'; readonly isWhole: boolean }
    | { readonly kind: 'string'; readonly isEscaped: boolean }
    /** `numbers` holds the values of a long flat list whose every number a double holds exactly as written, or rounded once. */
    | { readonly kind: 'array'; readonly items: readonly Json[]; readonly numbers?: FlatNumbers }
    | { readonly kind: 'object'; readonly members: readonly (readonly [string, Json])[] }
  );
type Place = { readonly start: number; readonly end: number };

export type TreeLimits = { readonly maxDepth: number; readonly maxNodes: number };
export type TreeResult =
  | { readonly kind: 'tree'; readonly root: Json }
  | { readonly kind: 'malformed'; readonly reason: string; readonly offset: number }
  /** Well-formed so far, but of more values than were allowed. */
  | { readonly kind: 'large' };

/**
 * The values of a JSON text with NaN, Infinity and -Infinity, as RapidJSON reads it for TensorFlow Serving; `reason`
 * is in RapidJSON's words, `offset` in bytes.
 */
export function readTree(body: Buffer, limits: TreeLimits): TreeResult {
  return new TreeReader(body, limits).read();
}

const tooMany = 'Too many values.';

class TreeReader {
  readonly #body: Buffer;
  readonly #limits: TreeLimits;
  #at = 0;
  #nodes = 0;
  #reason = '';
  #offset = 0;

  constructor(body: Buffer, limits: TreeLimits) {
    this.#body = body;
    this.#limits = limits;
  }

  read(): TreeResult {
    // A byte order mark is skipped, as RapidJSON's encoded stream does.
    if (this.#body[0] === 0xef && this.#body[1] === 0xbb && this.#body[2] === 0xbf) this.#at = 3;
    this.#skip();
    const root = this.#at < this.#body.length ? this.#value(1) : this.#fail('The document is empty.');
    if (root !== null) {
      this.#skip();
      if (this.#at === this.#body.length) return { kind: 'tree', root };
      this.#fail('The document root must not be followed by other values.');
    }
    if (this.#reason === tooMany) return { kind: 'large' };
    return { kind: 'malformed', reason: this.#reason, offset: this.#offset };
  }

  #value(depth: number): Json | null {
    if (depth > this.#limits.maxDepth) return this.#fail(`Nested deeper than ${this.#limits.maxDepth}.`);
    if (++this.#nodes > this.#limits.maxNodes) return this.#fail(tooMany);
    const byte = this.#body[this.#at];
    if (byte === openBracket) return this.#array(depth);
    if (byte === openBrace) return this.#object(depth);
    if (byte === quote) return this.#string();
    if (byte === 0x74) return this.#word('true', { kind: 'true' });
    if (byte === 0x66) return this.#word('false', { kind: 'false' });
    if (byte === 0x6e) return this.#word('null', { kind: 'null' });
    return this.#number();
  }

  #array(depth: number): Json | null {
    const start = this.#at;
    const flat = flatNumbersAt(this.#body, start);
    if (flat !== null) {
      this.#at = flat.end;
      return new FlatArray(this.#body, start, flat);
    }
    return this.#list(depth);
  }

  #list(depth: number): (Json & { kind: 'array' }) | null {
    const start = this.#at++;
    const items: Json[] = [];
    this.#skip();
    if (this.#take(closeBracket)) return { kind: 'array', items, start, end: this.#at };
    for (;;) {
      const item = this.#value(depth + 1);
      if (item === null) return null;
      items.push(item);
      this.#skip();
      if (this.#take(closeBracket)) return { kind: 'array', items, start, end: this.#at };
      if (!this.#take(comma)) return this.#fail('Missing a comma or ] after an array element.');
      this.#skip();
    }
  }

  #object(depth: number): Json | null {
    const start = this.#at++;
    const members: (readonly [string, Json])[] = [];
    this.#skip();
    if (this.#take(closeBrace)) return { kind: 'object', members, start, end: this.#at };
    for (;;) {
      if (this.#body[this.#at] !== quote) return this.#fail('Missing a name for object member.');
      const name = this.#string();
      if (name === null) return null;
      this.#skip();
      if (!this.#take(colon)) return this.#fail('Missing a colon after a name of object member.');
      this.#skip();
      const value = this.#value(depth + 1);
      if (value === null) return null;
      members.push([stringAt(this.#body, name), value]);
      this.#skip();
      if (this.#take(closeBrace)) return { kind: 'object', members, start, end: this.#at };
      if (!this.#take(comma)) return this.#fail('Missing a comma or } after an object member.');
      this.#skip();
    }
  }

  /** Finds the closing quote without looking at each byte in script: files in base64 are long. */
  #string(): (Json & { kind: 'string' }) | null {
    const start = this.#at;
    const end = closingQuote(this.#body, start + 1);
    if (end < 0) return this.#fail('Missing a closing quotation mark in string.', start);
    const isEscaped = this.#body.subarray(start + 1, end).includes(backslash);
    const wrong = stringReason(this.#body.subarray(start, end + 1), isEscaped);
    if (wrong !== null) return this.#fail(wrong, start);
    this.#at = end + 1;
    return { kind: 'string', isEscaped, start, end: this.#at };
  }

  /** The values of a flat list one by one. */
  items(start: number): readonly Json[] {
    this.#at = start;
    return this.#list(1)?.items ?? [];
  }

  #word(word: string, node: { readonly kind: 'null' | 'true' | 'false' }): Json | null {
    const start = this.#at;
    const end = start + word.length;
    if (this.#body.toString('latin1', start, end) !== word) return this.#fail('Invalid value.');
    this.#at = end;
    return { ...node, start, end };
  }

  #number(): Json | null {
    const start = this.#at;
    let end = start;
    while (end < this.#body.length && isNumberByte(this.#body[end]!)) end += 1;
    const text = this.#body.toString('latin1', start, end);
    const found = numberText.exec(text);
    if (found === null) return this.#fail(numberReason(text), start);
    const isWhole = found[1] === undefined && found[2] === undefined && found[3] === undefined;
    // Only long or exponential texts can leave the range of a double.
    if ((found[2] !== undefined || text.length > 300) && !Number.isFinite(Number(text))) {
      return this.#fail('Number too big to be stored in double.', start);
    }
    this.#at = end;
    return { kind: 'number', isWhole, start, end };
  }

  #skip(): void {
    for (;;) {
      const byte = this.#body[this.#at];
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return;
      this.#at += 1;
    }
  }

  #take(byte: number): boolean {
    if (this.#body[this.#at] !== byte) return false;
    this.#at += 1;
    return true;
  }

  #fail(reason: string, offset = this.#at): null {
    this.#reason = reason;
    this.#offset = offset;
    return null;
  }
}

/** A list whose values are read one by one only when something is wrong with one of them. */
class FlatArray {
  readonly kind = 'array';
  readonly start: number;
  readonly end: number;
  readonly numbers: FlatNumbers;
  readonly #body: Buffer;

  constructor(body: Buffer, start: number, numbers: FlatNumbers) {
    this.#body = body;
    this.start = start;
    this.end = numbers.end;
    this.numbers = numbers;
  }

  get items(): readonly Json[] {
    return new TreeReader(this.#body, { maxDepth: 2, maxNodes: Infinity }).items(this.start);
  }
}

/** How many values a list has. */
export function lengthOf(list: Json & { kind: 'array' }): number {
  return list.numbers === undefined ? list.items.length : list.numbers.values.length;
}

/** The text of a string value. */
export function stringAt(body: Buffer, { start, end, isEscaped }: Json & { kind: 'string' }): string {
  return isEscaped
    ? (JSON.parse(body.toString('utf8', start, end)) as string)
    : body.toString('utf8', start + 1, end - 1);
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const numberText = /^(?:-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?|-?(NaN|Infinity))$/u;

/** Letters, digits and signs: all that a number token, and a wrong one, is made of. */
function isNumberByte(byte: number): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  );
}

function numberReason(text: string): string {
  if (/^-?\d+\.(?!\d)/u.test(text)) return 'Miss fraction part in number.';
  if (/^-?\d+(?:\.\d+)?[eE][+-]?(?!\d)/u.test(text)) return 'Miss exponent in number.';
  return 'Invalid value.';
}

function closingQuote(body: Buffer, from: number): number {
  for (let at = body.indexOf(quote, from); at >= 0; at = body.indexOf(quote, at + 1)) {
    let slashes = 0;
    while (at - 1 - slashes >= from && body[at - 1 - slashes] === backslash) slashes += 1;
    if (slashes % 2 === 0) return at;
  }
  return -1;
}

/** What is wrong with a string: a raw control character, an escape that JSON does not know, half a surrogate pair. */
function stringReason(quoted: Buffer, isEscaped: boolean): string | null {
  if (control.test(quoted.toString('latin1', 1, quoted.length - 1))) return 'Invalid encoding in string.';
  if (!isEscaped) return null;
  try {
    const text = JSON.parse(quoted.toString('utf8')) as string;
    return /\p{Surrogate}/u.test(text) ? 'The surrogate pair in string is invalid.' : null;
  } catch {
    return 'Invalid escape character in string.';
  }
}
// eslint-disable-next-line no-control-regex -- these are what is looked for
const control = /[\u0000-\u001f]/u;
