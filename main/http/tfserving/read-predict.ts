import { takenNames } from '../../../contract/tensors/tensor.ts';
import type { TensorBytes, TensorSpec } from '../../../contract/tensors/tensor.ts';
import { JsonFault, eachItem, eachMember, isB64, skip, valueEnd } from '../tensors/index.ts';
import { Column } from './column.ts';
import type { ColumnRules } from './column.ts';

export type PredictFormat = 'row' | 'columnar';
type PredictTensors = { readonly format: PredictFormat; readonly tensors: readonly TensorBytes[] };
type Wanted = { readonly inputs: readonly TensorSpec[]; readonly rules: ColumnRules };

const isNamed = (text: Buffer, from: number): boolean => text[from] === 0x7b && !isB64(text, from);

/** One tensor for each of `inputs` out of `instances`, which are rows: objects, or values of the only input. */
export function readRows(text: Buffer, from: number, { inputs, rules }: Wanted): PredictTensors {
  if (text[from] !== 0x5b) throw new JsonFault("'instances' is not a list", from);
  const first = skip(text, from + 1);
  if (text[first] === 0x5d) throw new JsonFault("'instances' has no values", from);
  const columns = new Map(inputs.map((spec) => [spec.name, new Column(text, spec, rules)]));
  if (!isNamed(text, first)) {
    const column = onlyOf(columns, { what: "'instances' is a list of values", inputs, from });
    column.read(from);
    return { format: 'row', tensors: [column.tensor(null)] };
  }
  let rows = 0;
  eachItem(text, from, (start) => {
    let names = 0;
    const end = eachMember(text, start, (name, at) => {
      const column = columns.get(name);
      if (!column) throw new JsonFault(`instance ${rows}: the model has no input ${name.slice(0, 80)}`, at);
      if (column.count > rows) throw column.fault(`it is there twice in instance ${rows}`, at);
      names += 1;
      return column.read(at);
    });
    if (names < columns.size)
      throw new JsonFault(`instance ${rows} lacks an input; the model takes ${takenNames(inputs)}`, start);
    rows += 1;
    return end;
  });
  return { format: 'row', tensors: [...columns.values()].map((column) => column.tensor(rows)) };
}

/** One tensor for each of `inputs`: an object has them by name, other names are passed over; the only input may stand alone. */
export function readColumns(text: Buffer, from: number, { inputs, rules }: Wanted): PredictTensors {
  const columns = new Map(inputs.map((spec) => [spec.name, new Column(text, spec, rules)]));
  if (isNamed(text, from)) {
    eachMember(text, from, (name, at) => {
      const column = columns.get(name);
      return column && column.count === 0 ? column.read(at) : valueEnd(text, at);
    });
  } else onlyOf(columns, { what: "'inputs' is a value or list", inputs, from }).read(from);
  const missing = [...columns.values()].find(({ count }) => count === 0);
  if (missing) throw missing.fault("it is missing in 'inputs'", from);
  return { format: 'columnar', tensors: [...columns.values()].map((column) => column.tensor(null)) };
}

type Found = { readonly what: string; readonly inputs: readonly TensorSpec[]; readonly from: number };

function onlyOf(columns: ReadonlyMap<string, Column>, { what, inputs, from }: Found): Column {
  const [only] = columns.values();
  if (only && columns.size === 1) return only;
  throw new JsonFault(
    only
      ? `${what}, and the model takes objects with its inputs ${takenNames(inputs)}`
      : `${what}, and the model takes no inputs: send an empty object`,
    from,
  );
}
