import { ok } from '../../../../contract/faults.ts';
import type { Outcome } from '../../../../contract/faults.ts';
import { elementBytes } from '../../../../contract/tensor.ts';
import type { TensorBytes } from '../../../../contract/tensor.ts';
import { accessOf } from './cells.ts';
import { malformed } from './table.ts';

type Element = number | bigint | boolean | string;

/** A row for each row that was asked: `name` where an output has one value a row, else `name[0]`, `name[1]`, … */
export function tableOf(tensors: readonly TensorBytes[], rows: number): Outcome<string> {
  const header: string[] = [];
  const columns: ((row: number) => Element)[] = [];
  for (const tensor of tensors) {
    const { name, dims } = tensor;
    if (dims[0] !== rows)
      return malformed(
        `Output ${name}`,
        `its shape is [${dims.join(', ')}], not a row for each; ask for JSON`,
      );
    const width = dims.slice(1).reduce((product, dim) => product * dim, 1);
    const elements = elementsOf(tensor);
    for (let at = 0; at < width; at++) {
      header.push(width === 1 ? name : `${name}[${at}]`);
      columns.push((row) => elements[row * width + at]!);
    }
  }
  const lines = [header.map(cellOf).join(',')];
  for (let row = 0; row < rows; row++) lines.push(columns.map((column) => cellOf(column(row))).join(','));
  return ok(`${lines.join('\n')}\n`);
}

/** As the command line prints tensors: whole numbers beyond 2^53, NaN and the infinities are strings. */
export function printTensors(tensors: readonly TensorBytes[]): object {
  return Object.fromEntries(
    tensors.map((tensor) => [
      tensor.name,
      { type: tensor.type, dims: tensor.dims, data: elementsOf(tensor).map(jsonOf) },
    ]),
  );
}

function elementsOf({ type, data }: TensorBytes): readonly Element[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (type === 'string') return stringsOf(data, view);
  const width = elementBytes[type];
  const { get } = accessOf[type];
  return Array.from({ length: data.byteLength / width }, (_, at): Element => {
    const value = get(view, at * width);
    if (type === 'bool') return value !== 0;
    return type === 'float32' ? shortest(Number(value)) : value;
  });
}

/** The shortest decimal that gives the same float32 back, not the double that it widens to. */
function shortest(value: number): number {
  for (const digits of [6, 7, 8]) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number.isFinite(value) ? Number(value.toPrecision(9)) : value;
}

function stringsOf(data: Uint8Array, view: DataView): readonly string[] {
  const texts: string[] = [];
  for (let at = 0; at < data.byteLength;) {
    const end = at + 4 + view.getUint32(at, true);
    texts.push(new TextDecoder().decode(data.subarray(at + 4, end)));
    at = end;
  }
  return texts;
}

function jsonOf(element: Element): number | boolean | string {
  if (typeof element === 'bigint')
    return element >= -limit && element <= limit ? Number(element) : String(element);
  return typeof element === 'number' && !Number.isFinite(element) ? String(element) : element;
}
const limit = BigInt(Number.MAX_SAFE_INTEGER);

function cellOf(element: Element): string {
  const text = String(element);
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
