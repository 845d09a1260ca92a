import { ok } from '../../../../contract/faults/faults.ts';
import type { Outcome } from '../../../../contract/faults/faults.ts';
import { shortestSingle } from '../../../lib/short-numbers.ts';
import { elementCount, numericCodecs, viewOf } from '../../../../contract/tensors/tensor-codec.ts';
import { elementBytes } from '../../../../contract/tensors/tensor.ts';
import type { TensorBytes } from '../../../../contract/tensors/tensor.ts';
import { textsOf } from '../../../lib/length-prefixed.ts';
import { malformed } from './reader.ts';

type Element = number | bigint | boolean | string;
const linesPerPiece = 65_536;
/** A spreadsheet takes 16,384, and each costs a name. */
const mostColumns = 65_536;

/** A row for each row that was asked: `name` where an output has one value a row, else `name[0]`, `name[1]`, … */
export function tableText(tensors: readonly TensorBytes[], rows: number): Outcome<Uint8Array> {
  const header: string[] = [];
  const parts: { readonly width: number; readonly elementAt: (at: number) => Element }[] = [];
  for (const tensor of tensors) {
    const { name, dims } = tensor;
    if (dims[0] !== rows)
      return malformed(
        `Output ${name}`,
        `its shape is [${dims.join(', ')}], not a row for each; ask for JSON`,
      );
    const width = elementCount(dims.slice(1));
    if (header.length + width > mostColumns)
      return malformed(
        `Output ${name}`,
        `its shape is [${dims.join(', ')}], and a table has at most ${mostColumns} columns; ask for JSON`,
      );
    parts.push({ width, elementAt: elementsBy(tensor) });
    for (let at = 0; at < width; at++) header.push(width === 1 ? name : `${name}[${at}]`);
  }
  const pieces: Buffer[] = [];
  let lines = [header.map(cellOf).join(',')];
  for (let row = 0; row < rows; row++) {
    const cells: string[] = [];
    for (const { width, elementAt } of parts)
      for (let at = row * width; at < (row + 1) * width; at++) cells.push(cellOf(elementAt(at)));
    lines.push(cells.join(','));
    if (lines.length < linesPerPiece) continue;
    pieces.push(Buffer.from(`${lines.join('\n')}\n`));
    lines = [];
  }
  if (lines.length > 0) pieces.push(Buffer.from(`${lines.join('\n')}\n`));
  return ok(Buffer.concat(pieces));
}

/** As the command line prints tensors, as JSON: whole numbers beyond 2^53, NaN and the infinities are strings. */
export function printedTensors(tensors: readonly TensorBytes[]): Uint8Array {
  const printed = Object.fromEntries(
    tensors.map((tensor) => [
      tensor.name,
      { type: tensor.type, dims: tensor.dims, data: elementsOf(tensor).map(jsonOf) },
    ]),
  );
  return Buffer.from(JSON.stringify(printed));
}

function elementsOf(tensor: TensorBytes): readonly Element[] {
  const { type, data } = tensor;
  if (type === 'string') return textsOf(data);
  const elementAt = elementsBy(tensor);
  return Array.from({ length: data.byteLength / elementBytes[type] }, (_, at) => elementAt(at));
}

/** The element at an index. */
function elementsBy({ type, data }: TensorBytes): (at: number) => Element {
  if (type === 'string') {
    const texts = textsOf(data);
    return (at) => texts[at]!;
  }
  const view = viewOf(data);
  const width = elementBytes[type];
  const { read } = numericCodecs[type];
  if (type === 'bool') return (at) => read(view, at) !== 0;
  if (type === 'float32') return (at) => shortestSingle(Number(read(view, at * width)));
  return (at) => read(view, at * width);
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
