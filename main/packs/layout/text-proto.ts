/** Fields by name, each with its values in order; scalars as written, strings without quotes. */
export type TextMessage = ReadonlyMap<string, readonly TextValue[]>;
export type TextValue = string | TextMessage;

export class TextProtoError extends Error {}

const deepest = 32;
const space = /(?:\s|#[^\n]*)+/uy;
const word = /[\w+./-]+/uy;
const quoted = /"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'/uy;
const extension = /\[[\w./-]+\]/uy;

/** Parses the protobuf text format without a schema. Throws `TextProtoError`, which names the line. */
export function readTextProto(text: string): TextMessage {
  return new Reader(text).message(null, 0);
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Parses up to `end`, or to the end of the text. */
  message(end: string | null, depth: number): TextMessage {
    if (depth > deepest) throw this.#error(`it is nested deeper than ${deepest}`);
    const fields = new Map<string, TextValue[]>();
    for (;;) {
      this.#match(space);
      if (this.#at >= this.#text.length) {
        if (end === null) return fields;
        throw this.#error(`${end} is missing`);
      }
      if (end !== null && this.#skip(end)) return fields;
      const name = this.#match(word) ?? this.#match(extension);
      if (name === null) throw this.#error(`${JSON.stringify(this.#text[this.#at])} is no field name`);
      const hasColon = this.#skip(':');
      const values = fields.get(name) ?? [];
      fields.set(name, values);
      if (this.#skip('[')) this.#list(values, depth);
      else values.push(this.#value(hasColon, depth));
      if (!this.#skip(',')) this.#skip(';');
    }
  }

  #list(values: TextValue[], depth: number): void {
    if (this.#skip(']')) return;
    for (;;) {
      values.push(this.#value(true, depth));
      if (this.#skip(']')) return;
      if (!this.#skip(',')) throw this.#error('a list goes on with , or ends with ]');
    }
  }

  #value(mayBeScalar: boolean, depth: number): TextValue {
    if (this.#skip('{')) return this.message('}', depth + 1);
    if (this.#skip('<')) return this.message('>', depth + 1);
    if (!mayBeScalar) throw this.#error('a value stands behind a colon');
    const texts: string[] = [];
    // Adjacent string literals are concatenated.
    for (let part = this.#string(); part !== null; part = this.#string()) texts.push(part);
    const scalar = texts.length > 0 ? texts.join('') : this.#match(word);
    if (scalar === null) throw this.#error('a value is missing');
    return scalar;
  }

  #string(): string | null {
    const found = this.#match(quoted);
    return found === null ? null : found.slice(1, -1).replaceAll(/\\(.)/gu, '$1');
  }

  #skip(mark: string): boolean {
    this.#match(space);
    if (!this.#text.startsWith(mark, this.#at)) return false;
    this.#at += mark.length;
    return true;
  }

  #match(pattern: RegExp): string | null {
    if (pattern !== space) {
      space.lastIndex = this.#at;
      if (space.test(this.#text)) this.#at = space.lastIndex;
    }
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) return null;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  #error(reason: string): TextProtoError {
    const line = this.#text.slice(0, this.#at).split('\n').length;
    return new TextProtoError(`line ${line}: ${reason}`);
  }
}
