import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { clientReason } from '../../../contract/faults/reasons.ts';
import { doublesOf } from '../../../contract/tensors/tensor-codec.ts';
import type { ElementType, TensorBytes } from '../../../contract/tensors/tensor.ts';
import { joinTexts } from '../../lib/length-prefixed.ts';

/** In place of each wanted output its k highest values along the last axis, as texts `value:index` or `value:index:label`. */
export function classified(
  tensors: readonly TensorBytes[],
  wanted: ReadonlyMap<string, number>,
  labels: readonly string[],
): Outcome<readonly TensorBytes[]> {
  const given: TensorBytes[] = [];
  for (const tensor of tensors) {
    const k = wanted.get(tensor.name);
    const values = k === undefined ? null : rankable(tensor);
    if (k !== undefined && values === null)
      return failed('input-invalid', {
        name: tensor.name,
        reason: clientReason(`${tensor.type} cannot be ranked`),
      });
    given.push(k === undefined || values === null ? tensor : ranked(tensor, values, { k, labels }));
  }
  return ok(given);
}

type Ranking = { readonly k: number; readonly labels: readonly string[] };

function ranked(
  { name, type, dims }: TensorBytes,
  values: ArrayLike<number>,
  { k, labels }: Ranking,
): TensorBytes {
  const width = dims.at(-1) ?? 1;
  // Six places as Triton writes them; labels belong to an output only when it has one value for each.
  const places = type.startsWith('float') ? 6 : 0;
  const named = labels.length === width ? labels : [];
  const count = Math.min(k, width);
  const rows = width === 0 ? 0 : values.length / width;
  const texts = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: width }, (__, index) => ({ index, value: values[row * width + index] ?? 0 }))
      .sort((one, other) => other.value - one.value)
      .slice(0, count)
      .map(({ index, value }) => [value.toFixed(places), index, ...named.slice(index, index + 1)].join(':')),
  ).flat();
  return { name, type: 'string', dims: [...dims.slice(0, -1), count], data: joinTexts(texts) };
}

/** Values to rank; null for types that have no order here. */
const unordered: ReadonlySet<ElementType> = new Set(['bool', 'string', 'float16', 'bfloat16']);
function rankable(tensor: TensorBytes): readonly number[] | null {
  return unordered.has(tensor.type) ? null : doublesOf(tensor);
}
