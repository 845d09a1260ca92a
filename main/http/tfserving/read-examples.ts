import { isFixed } from '../../../contract/tensors/tensor.ts';
import type { TensorBytes, TensorSpec } from '../../../contract/tensors/tensor.ts';
import { JsonFault, eachItem, eachMember, isB64, isNull, valueEnd } from '../tensors/index.ts';
import { Column } from './column.ts';
import type { ColumnRules } from './column.ts';

/** Where the features of an example stand in the text, by name. */
type Example = ReadonlyMap<string, number>;
type Wanted = {
  readonly inputs: readonly TensorSpec[];
  readonly rules: ColumnRules;
  /** Where the features stand that all examples share; null: there are none. */
  readonly context: number | null;
};

/**
 * The examples of a classify or regress request, each a row of every input. A feature is a value or a flat list that fills
 * the row; free dimensions are as the first example has them, and those that no input takes are passed over.
 */
export function readExamples(
  text: Buffer,
  from: number,
  { inputs, rules, context }: Wanted,
): { readonly rows: number; readonly columns: readonly FeatureColumn[] } {
  if (text[from] !== 0x5b) throw new JsonFault("'examples' is not a list", from);
  const columns = inputs.map((spec) => new FeatureColumn(text, spec, rules));
  const names = new Set(inputs.map(({ name }) => name));
  const shared = context === null ? new Map<string, number>() : featuresAt(text, context, names).example;
  let rows = 0;
  eachItem(text, from, (start) => {
    const { example, end } = featuresAt(text, start, names);
    const twice = [...example.keys()].find((name) => shared.has(name));
    if (twice !== undefined)
      throw new JsonFault(`Feature ${twice.slice(0, 80)} of example ${rows} is in 'context' already`, start);
    for (const column of columns) {
      const at = example.get(column.name) ?? shared.get(column.name);
      if (at === undefined)
        throw new JsonFault(`Feature ${column.name} of example ${rows} is missing`, start);
      column.read(at);
    }
    rows += 1;
    return end;
  });
  if (rows === 0) throw new JsonFault("'examples' is an empty list", from);
  return { rows, columns };
}

function featuresAt(
  text: Buffer,
  from: number,
  names: ReadonlySet<string>,
): { readonly example: Example; readonly end: number } {
  const example = new Map<string, number>();
  const end = eachMember(text, from, (name, at) => {
    example.set(name, at);
    return names.has(name) ? valueEnd(text, at) : skipFeature(text, at);
  });
  return { example, end };
}

/** Behind a feature that no input takes; what can be none is refused all the same. */
function skipFeature(text: Buffer, from: number, isInList = false): number {
  const isList = text[from] === 0x5b;
  if (isNull(text, from) || (isList && isInList) || (text[from] === 0x7b && !isB64(text, from)))
    throw new JsonFault('a feature is a number, a text, true, false, {"b64": "…"}, or a list of these', from);
  return isList ? eachItem(text, from, (at) => skipFeature(text, at, true)) : valueEnd(text, from);
}

class FeatureColumn {
  readonly name: string;
  readonly #column: Column;
  /** The dimensions of one row. */
  readonly #row: TensorSpec['shape'];
  readonly #fixed: number;
  readonly #isFree: boolean;
  #width: number | null;

  constructor(text: Buffer, spec: TensorSpec, rules: ColumnRules) {
    this.name = spec.name;
    this.#column = new Column(text, spec, rules);
    this.#row = spec.shape.slice(1);
    this.#fixed = this.#row.reduce<number>((size, dim) => size * (isFixed(dim) ? dim : 1), 1);
    this.#isFree = !this.#row.every(isFixed);
    this.#width = this.#isFree ? null : this.#fixed;
  }

  read(from: number): void {
    const { dims } = this.#column.readAny(from);
    const [count = 1, ...deeper] = dims;
    if (deeper.length > 0) throw this.#column.fault('a feature is one flat list', from);
    this.#width ??= count;
    if (count !== this.#width || (this.#isFree && count % Math.max(this.#fixed, 1) !== 0))
      throw this.#column.fault(`${count} values do not fill a row of [${this.#row.join(', ')}]`, from);
  }

  tensor(): TensorBytes {
    // The first free dimension takes what is there; further ones are 1.
    const first = this.#row.findIndex((dim) => !isFixed(dim));
    const rest = (this.#width ?? 0) / Math.max(this.#fixed, 1);
    const dims = this.#row.map((dim, at) => (isFixed(dim) ? dim : at === first ? rest : 1));
    return this.#column.tensorOf([this.#column.count, ...dims]);
  }

  strings(): readonly Uint8Array[] {
    return this.#column.strings();
  }
}
