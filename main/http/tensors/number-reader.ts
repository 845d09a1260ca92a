import { isFloatType, numericCodecs } from '../../../contract/tensors/tensor-codec.ts';
import type { NumericArray, NumericType } from '../../../contract/tensors/tensor-codec.ts';
import { JsonFault } from './json-fault.ts';
import { NestedReader } from './nested-reader.ts';
import { bareOrQuotedTokens, bareTokens, bitTypes, ranges } from './number-types.ts';

export type NumberRules = {
  readonly type: NumericType;
  readonly maxElements: number;
  readonly maxDepth: number;
  /**
   * As TensorFlow Serving reads numbers: whole numbers have no point and no exponent, a float takes a whole number only
   * where it holds it exactly, NaN and the infinities stand bare and not in quotes.
   */
  readonly isStrict?: boolean;
};

/** Values that are set aside at first. */
const few = 64;
const powers = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/** Beyond this a double does not hold every whole number. */
const exact = 2 ** 53;
const tenFifteen = 1e15;
const wholeWord = /^-?(?:0|[1-9]\d*)$/u;
const numberWord = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/u;

/**
 * Reads numbers, or true and false, straight into the little-endian bytes of a type. Decimals are rounded once, as Number()
 * would and then to the type; whole numbers must fit it, int64 and uint64 exactly.
 */
export class NumberReader extends NestedReader {
  readonly #type: NumericType;
  readonly #rules: NumberRules;
  readonly #tokens: ReadonlyMap<string, number>;
  readonly #isFloat: boolean;
  readonly #isLong: boolean;
  readonly #least: number;
  readonly #most: number;
  #values: NumericArray;
  #count = 0;

  constructor(text: Buffer, rules: NumberRules) {
    super(text, rules.maxDepth);
    const { type, isStrict } = rules;
    this.#type = type;
    this.#rules = rules;
    this.#tokens = isStrict ? bareTokens : bareOrQuotedTokens;
    this.#isFloat = isFloatType(type);
    this.#isLong = type === 'int64' || type === 'uint64';
    [this.#least, this.#most] = ranges[type] ?? [0, 0];
    this.#values = new numericCodecs[type].array(few);
  }

  bytes(): Uint8Array {
    const { length, buffer, BYTES_PER_ELEMENT: width } = this.#values;
    if (length <= few) return new Uint8Array(buffer as ArrayBuffer, 0, this.#count * width);
    // What was set aside for more values would be held as long as they are.
    const own = this.#count < length ? this.#values.slice(0, this.#count).buffer : buffer;
    return new Uint8Array(own as ArrayBuffer);
  }

  protected readOne(byte: number): void {
    if (this.#count >= this.#rules.maxElements)
      throw new JsonFault(`more than ${this.#rules.maxElements} elements`, this.at);
    if (this.#count === this.#values.length) this.#grow();
    if (this.#isFloat) this.#decimal(byte);
    else if (this.#type === 'bool') this.#bool();
    else this.#whole(byte);
    this.#count += 1;
  }

  #grow(): void {
    const more = new numericCodecs[this.#type].array(Math.min(this.#count * 4, this.#rules.maxElements));
    (more as Uint8Array).set(this.#values as Uint8Array);
    this.#values = more;
  }

  #bool(): void {
    const word = this.#word();
    if (word !== 'true' && word !== 'false') throw new JsonFault(`${word} is not true or false`, this.at);
    this.#values[this.#count] = word === 'true' ? 1 : 0;
    this.at += word.length;
  }

  /** Up to 18 digits by arithmetic; where that could round otherwise than the exact way, and for the rest, by Number(). */
  #decimal(first: number): void {
    const { text } = this;
    const start = this.at;
    let at = start;
    let byte: number | undefined = first;
    const isNegative = byte === 0x2d;
    if (isNegative) byte = text[++at];
    let high = 0;
    let low = 0;
    let lowScale = 1;
    let point = -1;
    const whole = at;
    for (; byte !== undefined; byte = text[++at]) {
      if (byte >= 0x30 && byte <= 0x39) {
        if (high < tenFifteen) high = high * 10 + (byte - 0x30);
        else {
          low = low * 10 + (byte - 0x30);
          lowScale *= 10;
        }
      } else if (byte === 0x2e && point < 0) point = at;
      else break;
    }
    const wholeDigits = (point < 0 ? at : point) - whole;
    if (wholeDigits === 0 || (wholeDigits > 1 && text[whole] === 0x30)) return this.#slow(start);
    const places = point < 0 ? 0 : at - point - 1;
    if (point >= 0 && places === 0) return this.#slow(start);
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
    if (places === 0 && this.#rules.isStrict && (mantissa >= exact || this.#stored(value) !== value))
      return this.#slow(start);
    this.at = at;
    this.#put(isNegative ? -value : value, start);
  }

  /** The number that the type makes of a number. */
  #stored(value: number): number {
    const bits = bitTypes[this.#type];
    if (bits) return bits.valueOf(bits.bitsOf(value));
    return this.#type === 'float32' ? Math.fround(value) : value;
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
    this.at = start;
    throw new JsonFault(`${this.#word()} is too large for ${this.#type}`, start);
  }

  #slow(start: number): void {
    this.at = start;
    const word = this.#word();
    this.at = start + word.length;
    const token = this.#tokens.get(word);
    if (token !== undefined) {
      this.#values[this.#count] = bitTypes[this.#type]?.bitsOf(token) ?? token;
      return;
    }
    if (!numberWord.test(word)) throw new JsonFault(`${word} is not a number`, start);
    const value = Number(word);
    const stored = this.#stored(value);
    if (
      this.#rules.isStrict &&
      Number.isFinite(stored) &&
      wholeWord.test(word) &&
      BigInt(word) !== BigInt(stored)
    )
      throw new JsonFault(`${word} does not fit into ${this.#type} exactly`, start);
    this.#put(value, start);
  }

  #whole(first: number): void {
    const start = this.at;
    const small = this.#smallWhole(first);
    const isLong = this.#isLong;
    const least = this.#least;
    const most = this.#most;
    if (small !== null) {
      if (small < least || small > most) this.#refuse(start);
      this.#values[this.#count] = isLong ? BigInt(small) : small;
      return;
    }
    const word = this.#word();
    const value = Number(word);
    const isPlain = wholeWord.test(word);
    // 1.0 and 1e3 are whole numbers too.
    const isWritten =
      isPlain || (!this.#rules.isStrict && numberWord.test(word) && Number.isSafeInteger(value));
    if (!isWritten) throw new JsonFault(`${word} is not a whole number`, start);
    if (isLong) {
      const whole = isPlain ? BigInt(word) : BigInt(value);
      const range = numericCodecs[this.#type].range!;
      if (whole < range[0] || whole > range[1]) this.#refuse(start);
      this.#values[this.#count] = whole;
    } else {
      if (value < least || value > most) this.#refuse(start);
      this.#values[this.#count] = value;
    }
    this.at = start + word.length;
  }

  /** A whole number of at most 15 digits, moved behind; null where something else stands here. */
  #smallWhole(first: number): number | null {
    const { text } = this;
    let { at } = this;
    const isNegative = first === 0x2d;
    let byte: number | undefined = isNegative ? text[++at] : first;
    const begin = at;
    let value = 0;
    while (byte !== undefined && byte >= 0x30 && byte <= 0x39 && at - begin < 16) {
      value = value * 10 + (byte - 0x30);
      byte = text[++at];
    }
    const digits = at - begin;
    if (digits === 0 || digits > 15 || (digits > 1 && text[begin] === 0x30)) return null;
    if (byte === 0x2e || isLetter(byte)) return null;
    this.at = at;
    return isNegative ? -value : value;
  }

  #refuse(start: number): never {
    this.at = start;
    throw new JsonFault(`${this.#word()} does not fit into ${this.#type}`, start);
  }

  /** What stands here up to the next comma, bracket or blank. */
  #word(): string {
    let end = this.at;
    while (end < this.text.length && end - this.at < 400 && !isEnd(this.text[end]!)) end += 1;
    return this.text.toString('latin1', this.at, Math.max(end, this.at + 1));
  }
}

const isEnd = (byte: number): boolean =>
  byte === 0x2c || byte === 0x5d || byte === 0x5b || byte === 0x7d || byte <= 0x20;
const isLetter = (byte: number | undefined): boolean =>
  byte !== undefined &&
  ((byte >= 0x41 && byte <= 0x5a) || (byte >= 0x61 && byte <= 0x7a) || byte === 0x2b || byte === 0x2d);
