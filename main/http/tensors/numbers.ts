import { numericCodecs } from '../../../contract/tensor-codec.ts';
import type { NumericArray, NumericType } from '../../../contract/tensor-codec.ts';
import { bitTypes, decimalTypes, notFinite, ranges } from './number-types.ts';

/** What is wrong with a list of numbers, at a byte of the text. */
export class JsonFault extends Error {
  readonly offset: number;
  constructor(reason: string, offset: number) {
    super(reason);
    this.offset = offset;
  }
}

export type NumberLimits = { readonly maxElements: number; readonly maxDepth: number };
export type ReadNumbers = {
  readonly data: Uint8Array;
  /** As the brackets lie; `[n]` for a flat list. */
  readonly dims: readonly number[];
  /** Behind the last bracket. */
  readonly end: number;
};

/**
 * Reads a nested list of numbers, or of true and false, straight into the bytes of its type, row-major and little-endian.
 * Decimals are rounded once, as Number() would and then to the type; whole numbers must fit it, int64 and uint64 exactly.
 * NaN, Infinity and -Infinity of decimals stand bare, as RapidJSON and Python write them, or in quotes, as protobuf does.
 * Lists of one level have equal lengths. Throws JsonFault.
 */
export function readNumbers(
  text: Buffer,
  from: number,
  asked: NumberLimits & { type: NumericType },
): ReadNumbers {
  return new Reader(text, asked).read(from);
}

const powers = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Beyond this a double does not hold every whole number. */
const exact = 2 ** 53;
const tenFifteen = 1e15;

class Reader {
  readonly #text: Buffer;
  readonly #type: NumericType;
  readonly #limits: NumberLimits;
  #values: NumericArray;
  #count = 0;
  #at = 0;

  constructor(text: Buffer, { type, ...limits }: NumberLimits & { type: NumericType }) {
    this.#text = text;
    this.#type = type;
    this.#limits = limits;
    this.#values = new numericCodecs[type].array(64);
  }

  read(from: number): ReadNumbers {
    const text = this.#text;
    const sizes: number[] = [];
    const counts: number[] = [];
    let depth = 0;
    let leaf = 0;
    let isAfterValue = false;
    let isAfterComma = false;
    this.#at = from;
    for (;;) {
      const byte = text[this.#at];
      if (byte === undefined) throw new JsonFault('the text ends inside a list', this.#at);
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
        this.#at += 1;
      } else if (byte === 0x5b) {
        if (isAfterValue) throw new JsonFault('a comma is missing', this.#at);
        if (leaf !== 0 && depth + 1 > leaf) throw new JsonFault('numbers and lists are mixed', this.#at);
        depth += 1;
        if (depth > this.#limits.maxDepth)
          throw new JsonFault(`nested deeper than ${this.#limits.maxDepth}`, this.#at);
        counts[depth] = 0;
        isAfterComma = false;
        this.#at += 1;
      } else if (byte === 0x5d) {
        if (isAfterComma) throw new JsonFault('a value is missing behind a comma', this.#at);
        const length = counts[depth] ?? 0;
        if (sizes[depth] === undefined) sizes[depth] = length;
        else if (sizes[depth] !== length)
          throw new JsonFault(`lists of level ${depth} have ${sizes[depth]} and ${length} values`, this.#at);
        depth -= 1;
        this.#at += 1;
        isAfterValue = true;
        if (depth === 0) break;
        counts[depth] = (counts[depth] ?? 0) + 1;
      } else if (byte === 0x2c) {
        if (!isAfterValue) throw new JsonFault('a value is missing before a comma', this.#at);
        isAfterValue = false;
        isAfterComma = true;
        this.#at += 1;
      } else {
        if (isAfterValue) throw new JsonFault('a comma is missing', this.#at);
        if (leaf === 0) leaf = depth;
        else if (leaf !== depth) throw new JsonFault('numbers and lists are mixed', this.#at);
        this.#value(byte);
        counts[depth] = (counts[depth] ?? 0) + 1;
        isAfterValue = true;
        isAfterComma = false;
      }
    }
    // What was set aside for more values would be held as long as they are.
    const { buffer } = this.#count < this.#values.length ? this.#values.slice(0, this.#count) : this.#values;
    return {
      data: new Uint8Array(buffer as ArrayBuffer),
      dims: sizes.slice(1),
      end: this.#at,
    };
  }

  #value(byte: number): void {
    if (this.#count >= this.#limits.maxElements)
      throw new JsonFault(`more than ${this.#limits.maxElements} elements`, this.#at);
    if (this.#count === this.#values.length) this.#grow();
    if (this.#type === 'bool') this.#bool();
    else if (decimalTypes.has(this.#type)) this.#decimal(byte);
    else this.#whole();
    this.#count += 1;
  }

  #grow(): void {
    const more = new numericCodecs[this.#type].array(Math.min(this.#count * 4, this.#limits.maxElements));
    (more as Uint8Array).set(this.#values as Uint8Array);
    this.#values = more;
  }

  #bool(): void {
    for (const [word, value] of [
      ['true', 1],
      ['false', 0],
    ] as const)
      if (this.#text.toString('latin1', this.#at, this.#at + word.length) === word) {
        this.#values[this.#count] = value;
        this.#at += word.length;
        return;
      }
    throw new JsonFault(`${this.#word()} is not true or false`, this.#at);
  }

  /** Up to 18 digits by arithmetic; where that could round otherwise than the exact way, and for the rest, by Number(). */
  #decimal(first: number): void {
    const text = this.#text;
    const start = this.#at;
    let at = start;
    let byte: number | undefined = first;
    const isNegative = byte === 0x2d;
    if (isNegative) byte = text[++at];
    let high = 0;
    let low = 0;
    let lowScale = 1;
    let digits = 0;
    let places = 0;
    const whole = at;
    while (byte !== undefined && byte >= 0x30 && byte <= 0x39) {
      if (high < tenFifteen) high = high * 10 + (byte - 0x30);
      else {
        low = low * 10 + (byte - 0x30);
        lowScale *= 10;
      }
      digits += 1;
      byte = text[++at];
    }
    const wholeDigits = at - whole;
    if (wholeDigits === 0 || (wholeDigits > 1 && text[whole] === 0x30)) return this.#slow(start);
    if (byte === 0x2e) {
      byte = text[++at];
      const point = at;
      while (byte !== undefined && byte >= 0x30 && byte <= 0x39) {
        if (high < tenFifteen) high = high * 10 + (byte - 0x30);
        else {
          low = low * 10 + (byte - 0x30);
          lowScale *= 10;
        }
        byte = text[++at];
      }
      places = at - point;
      if (places === 0) return this.#slow(start);
      digits += places;
    }
    if (byte === 0x65 || byte === 0x45 || places > 22 || lowScale > 1e6) return this.#slow(start);
    if (isLetter(byte)) return this.#slow(start);
    const mantissa = lowScale === 1 ? high : high * lowScale + low;
    const value = mantissa / powers[places]!;
    if (mantissa > exact) {
      // Two roundings: far enough from where float32 turns, they do not matter.
      const slack = value * 1e-15;
      if (this.#type !== 'float32' || Math.fround(value - slack) !== Math.fround(value + slack))
        return this.#slow(start);
    }
    this.#at = at;
    this.#put(isNegative ? -value : value, start);
  }

  /** Finite values that the type has no finite one for are refused. */
  #put(value: number, start: number): void {
    const bits = bitTypes[this.#type];
    const stored = bits ? bits.bitsOf(value) : value;
    this.#values[this.#count] = stored;
    const isTooLarge = bits
      ? (stored & 0x7fff) === bits.infinity
      : !Number.isFinite(this.#values[this.#count] as number);
    if (!isTooLarge) return;
    this.#at = start;
    throw new JsonFault(`${this.#word()} is too large for ${this.#type}`, start);
  }

  #slow(start: number): void {
    this.#at = start;
    const word = this.#word();
    this.#at = start + word.length;
    const named = notFinite.get(word);
    if (named !== undefined) {
      this.#values[this.#count] = bitTypes[this.#type]?.bitsOf(named) ?? named;
      return;
    }
    if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u.test(word))
      throw new JsonFault(`${word} is not a number`, start);
    this.#put(Number(word), start);
  }

  #whole(): void {
    const start = this.#at;
    const word = this.#word();
    // 1.0 and 1e3 are whole numbers too.
    const isPlain = /^-?(?:0|[1-9]\d*)$/u.test(word);
    const value = Number(word);
    if (
      !isPlain &&
      !(/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u.test(word) && Number.isSafeInteger(value))
    )
      throw new JsonFault(`${word} is not a whole number`, start);
    const big = numericCodecs[this.#type].range;
    if (big && (this.#type === 'int64' || this.#type === 'uint64')) {
      const whole = isPlain ? BigInt(word) : BigInt(value);
      if (whole < big[0] || whole > big[1])
        throw new JsonFault(`${word} does not fit into ${this.#type}`, start);
      (this.#values as BigInt64Array)[this.#count] = whole;
    } else {
      const [least, most] = ranges[this.#type] ?? [0, 0];
      if (value < least || value > most)
        throw new JsonFault(`${word} does not fit into ${this.#type}`, start);
      this.#values[this.#count] = value;
    }
    this.#at = start + word.length;
  }

  /** What stands here up to the next comma, bracket or blank. */
  #word(): string {
    let end = this.#at;
    while (end < this.#text.length && end - this.#at < 400 && !isEnd(this.#text[end]!)) end += 1;
    return this.#text.toString('latin1', this.#at, Math.max(end, this.#at + 1));
  }
}

const isEnd = (byte: number): boolean =>
  byte === 0x2c || byte === 0x5d || byte === 0x5b || byte === 0x7d || byte <= 0x20;
const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined &&
  ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x2b || byte === 0x2d);
