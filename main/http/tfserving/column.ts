import { isFixed } from '../../../contract/tensors/tensor.ts';
import type { TensorBytes, TensorSpec } from '../../../contract/tensors/tensor.ts';
import { JsonFault, NumberReader, TextReader, isText, mostTexts } from '../tensors/index.ts';

export type ColumnRules = {
  readonly maxElements: number;
  readonly maxDepth: number;
  /** Strings are encoded files and not text. */
  readonly areFiles?: boolean;
};

/** The values of one input of a model, read where they stand in a JSON text, a row at a time or all at once. */
export class Column {
  readonly spec: TensorSpec;
  /** Values and lists that were read. */
  count = 0;
  readonly #reader: NumberReader | TextReader;
  readonly #areFiles: boolean;
  #dims: readonly number[] = [];

  constructor(text: Buffer, spec: TensorSpec, { maxElements, maxDepth, areFiles = false }: ColumnRules) {
    const { type } = spec;
    this.spec = spec;
    this.#areFiles = areFiles;
    this.#reader =
      type === 'string'
        ? new TextReader(text, {
            maxTexts: Math.min(mostTexts, maxElements),
            maxDepth,
            bytesAs: 'b64-objects',
          })
        : new NumberReader(text, { type, maxElements, maxDepth, isStrict: true });
  }

  /** Reads the value or list at this place; every one has the shape of the first. Gives the place behind it. */
  read(from: number): number {
    const { dims, end } = this.readAny(from);
    if (this.count === 1) this.#dims = dims;
    else if (dims.join() !== this.#dims.join())
      throw this.fault(`its shape is [${dims.join(', ')}], and [${this.#dims.join(', ')}] came before`, from);
    return end;
  }

  /** The same, of whatever shape. */
  readAny(from: number): { readonly dims: readonly number[]; readonly end: number } {
    this.count += 1;
    try {
      return this.#reader.read(from);
    } catch (error) {
      throw error instanceof JsonFault ? this.fault(error.message, error.offset) : error;
    }
  }

  /** Everything that was read, as the shape that the model takes where only columns of one differ; `rows` null: one value, read at once. */
  tensor(rows: number | null): TensorBytes {
    return this.tensorOf(fitted([...(rows === null ? [] : [rows]), ...this.#dims], this.spec.shape));
  }

  tensorOf(dims: readonly number[]): TensorBytes {
    const { name, type } = this.spec;
    const bad = this.#areFiles ? -1 : this.strings().findIndex((each) => !isText(each));
    if (bad >= 0)
      throw this.fault(`element ${bad} is not UTF-8 text without NUL, which is all that this model takes`, 0);
    return { name, type, dims, data: this.#reader.bytes() };
  }

  /** Empty for numbers. */
  strings(): readonly Uint8Array[] {
    return this.#reader instanceof TextReader ? this.#reader.strings() : [];
  }

  fault(reason: string, offset: number): JsonFault {
    return new JsonFault(`Input ${this.spec.name}: ${reason}`, offset);
  }
}

/** Bare values stand for rows of a column [N,1], rows of one for a vector [N], and an empty list for no rows at all. */
function fitted(dims: readonly number[], wanted: TensorSpec['shape']): readonly number[] {
  if (wanted.length > 1 && dims.length === wanted.length - 1 && wanted.at(-1) === 1) return [...dims, 1];
  if (wanted.length === 1 && dims.length === 2 && dims[1] === 1) return dims.slice(0, 1);
  if (dims.at(-1) !== 0 || dims.length >= wanted.length) return dims;
  return [...dims, ...wanted.slice(dims.length).map((dim) => (isFixed(dim) ? dim : 0))];
}
