import type { TensorBytes, TensorSpec } from '../../../contract/tensor.ts';
import { elementCount } from '../../../contract/tensor-codec.ts';
import { joinStrings } from '../../lib/length-prefixed.ts';
import { mostTexts } from '../tensors/elements.ts';
import { echo } from './echo.ts';
import { read, refused } from './refusal.ts';
import type { Read } from './refusal.ts';
import { stringBytes, typeError } from './scalars.ts';
import { numberSink } from './sinks.ts';
import type { NumberSink } from './sinks.ts';
import { lengthOf } from './tree.ts';
import type { Json } from './tree.ts';

export type DenseOptions = {
  readonly spec: TensorSpec;
  /** Items that `add` will be called for; null: one value that is the whole tensor. */
  readonly rows: number | null;
  readonly maxElements: number;
};

/**
 * One tensor out of nested lists: the shape is that of the first elements, and every later list has to agree. With
 * `rows`, each added value is one row of it. Refusals are TensorFlow Serving's (json_tensor.cc).
 */
export class Dense {
  readonly #body: Buffer;
  readonly #options: DenseOptions;
  #shape: readonly number[] | null = null;
  #at = 0;
  #sink: NumberSink | null = null;
  readonly #strings: Buffer[] = [];

  constructor(body: Buffer, options: DenseOptions) {
    this.#body = body;
    this.#options = options;
  }

  /** Null, or why this value does not go in. */
  add(value: Json): Read<void> {
    const { spec, rows, maxElements } = this.#options;
    const shape = shapeOf(value);
    if (this.#shape === null) {
      const size = elementCount([rows ?? 1, ...shape]);
      const most = spec.type === 'string' ? Math.min(mostTexts, maxElements) : maxElements;
      if (size > most) {
        return refused(`Tensor ${spec.name} has more than ${most} elements.`);
      }
      this.#shape = shape;
      // A body holds no more values than bytes: lists that claim more are ragged, and refused further on.
      const room = Math.min(size, this.#body.length);
      if (spec.type !== 'string') this.#sink = numberSink(this.#body, spec.type, room);
    } else if (elementCount(this.#shape) !== elementCount(shape)) {
      return refused(`Expecting tensor size: ${elementCount(this.#shape)} but got: ${elementCount(shape)}`);
    } else if (this.#shape.join() !== shape.join()) {
      return refused(`Expecting shape [${this.#shape.join(',')}] but got: [${shape.join(',')}]`);
    }
    return this.#fill(value, 0);
  }

  /** The tensor, with its dimensions bent to the rank of the model's input where only columns of one differ. */
  tensor(): TensorBytes {
    const { spec, rows } = this.#options;
    const dims = [...(rows === null ? [] : [rows]), ...(this.#shape ?? [])];
    const data = this.#sink === null ? joinStrings(this.#strings) : this.#sink.bytes;
    return { name: spec.name, type: spec.type, dims: bent(dims, spec.shape), data };
  }

  #fill(value: Json, level: number): Read<void> {
    const shape = this.#shape!;
    if (value.kind !== 'array') {
      if (level === shape.length) return this.#put(value);
      const found = `JSON Value: ${echo(this.#body, value)} found at incorrect level: ${level + 1}`;
      return refused(`${found} in the JSON DOM. Expected at level: ${shape.length}`);
    }
    if (level >= shape.length) {
      return refused(`Encountered list at unexpected level: ${level} expected < ${shape.length}`);
    }
    const length = lengthOf(value);
    if (length !== shape[level]) {
      return refused(
        `Encountered list at unexpected size: ${length} at level: ${level} expected size: ${shape[level]}`,
      );
    }
    if (value.numbers !== undefined && level === shape.length - 1) {
      const isTaken = this.#sink?.putAll(value.numbers, this.#at) ?? false;
      if (isTaken) {
        this.#at += length;
        return read(undefined);
      }
    }
    for (const item of value.items) {
      const filled = this.#fill(item, level + 1);
      if (!filled.ok) return filled;
    }
    return read(undefined);
  }

  #put(value: Json): Read<void> {
    if (this.#sink !== null) return this.#sink.put(value, this.#at++);
    if (value.kind !== 'object' && value.kind !== 'string') return typeError(this.#body, value, 'string');
    const bytes = stringBytes(this.#body, value);
    if (!bytes.ok) return bytes;
    this.#strings.push(bytes.value);
    return read(undefined);
  }
}

/** Dimensions of the first elements, from the outside in. */
export function shapeOf(value: Json): readonly number[] {
  const shape: number[] = [];
  for (let inner: Json | undefined = value; inner?.kind === 'array';) {
    shape.push(lengthOf(inner));
    inner = inner.numbers === undefined ? inner.items[0] : undefined;
  }
  return shape;
}

/** Bare values stand for rows of a column [N,1], rows of one for a vector [N], and an empty list for no rows at all. */
export function bent(dims: readonly number[], wanted: TensorSpec['shape']): readonly number[] {
  const last = wanted.at(-1);
  if (wanted.length > 1 && dims.length === wanted.length - 1 && last === 1) return [...dims, 1];
  if (wanted.length === 1 && dims.length === 2 && dims[1] === 1) return dims.slice(0, 1);
  if (dims.at(-1) === 0 && dims.length < wanted.length) {
    return [
      ...dims,
      ...wanted.slice(dims.length).map((dim) => (typeof dim === 'number' && dim >= 0 ? dim : 0)),
    ];
  }
  return dims;
}
