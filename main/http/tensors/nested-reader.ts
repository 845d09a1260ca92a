import { JsonFault } from './json-fault.ts';

type ReadValue = {
  /** As the brackets lie: `[n]` for a flat list, `[]` for a value that is no list. */
  readonly dims: readonly number[];
  /** Behind the value. */
  readonly end: number;
};

/** Reads values in nested lists one after the other, row-major. Lists of one level have equal lengths. Throws JsonFault. */
export abstract class NestedReader {
  protected readonly text: Buffer;
  /** Where the next byte is read. */
  protected at = 0;
  readonly #maxDepth: number;

  constructor(text: Buffer, maxDepth: number) {
    this.text = text;
    this.#maxDepth = maxDepth;
  }

  /** Reads the one value that stands here, which begins with this byte, and moves behind it. */
  protected abstract readOne(byte: number): void;
  /** The elements of everything that was read, as they lie in a tensor. */
  abstract bytes(): Uint8Array;

  /** Reads the value or list that begins at `from`. */
  read(from: number): ReadValue {
    const { text } = this;
    const sizes: number[] = [];
    const counts: number[] = [];
    let depth = 0;
    let leaf = 0;
    let isAfterValue = false;
    let isAfterComma = false;
    this.at = from;
    if (text[from] !== 0x5b) {
      if (text[from] === undefined) throw new JsonFault('a value is missing', from);
      this.readOne(text[from]);
      return { dims: [], end: this.at };
    }
    for (;;) {
      const byte = text[this.at];
      if (byte === undefined) throw new JsonFault('the text ends inside a list', this.at);
      if (byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09) {
        this.at += 1;
      } else if (byte === 0x5b) {
        if (isAfterValue) throw new JsonFault('a comma is missing', this.at);
        if (leaf !== 0 && depth + 1 > leaf) throw new JsonFault('values and lists are mixed', this.at);
        depth += 1;
        if (depth > this.#maxDepth) throw new JsonFault(`nested deeper than ${this.#maxDepth}`, this.at);
        counts[depth] = 0;
        isAfterComma = false;
        this.at += 1;
      } else if (byte === 0x5d) {
        if (isAfterComma) throw new JsonFault('a value is missing behind a comma', this.at);
        const length = counts[depth] ?? 0;
        if (sizes[depth] === undefined) sizes[depth] = length;
        else if (sizes[depth] !== length)
          throw new JsonFault(`lists of level ${depth} have ${sizes[depth]} and ${length} values`, this.at);
        depth -= 1;
        this.at += 1;
        isAfterValue = true;
        if (depth === 0) return { dims: sizes.slice(1), end: this.at };
        counts[depth] = (counts[depth] ?? 0) + 1;
      } else if (byte === 0x2c) {
        if (!isAfterValue) throw new JsonFault('a value is missing before a comma', this.at);
        isAfterValue = false;
        isAfterComma = true;
        this.at += 1;
      } else {
        if (isAfterValue) throw new JsonFault('a comma is missing', this.at);
        if (leaf === 0) leaf = depth;
        else if (leaf !== depth) throw new JsonFault('values and lists are mixed', this.at);
        this.readOne(byte);
        counts[depth] = (counts[depth] ?? 0) + 1;
        isAfterValue = true;
        isAfterComma = false;
      }
    }
  }
}
