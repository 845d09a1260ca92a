import { elementTypes } from '../../../../contract/tensors/tensor.ts';
import type { ElementType, TensorBytes } from '../../../../contract/tensors/tensor.ts';
import { largestMagnitude, tensorDistance } from '../../golden/index.ts';
import { split } from '../rows.ts';

/**
 * Largest accepted difference from the unmerged result, as a share of the row's largest value: kernels sum in another
 * order for another batch size. Integers, strings and booleans must be equal.
 */
const allowed: Readonly<Record<ElementType, number>> = {
  ...(Object.fromEntries(elementTypes.map((type) => [type, 0])) as Record<ElementType, number>),
  float32: 2e-5,
  float64: 1e-12,
  float16: 4e-3,
  bfloat16: 3e-2,
};

export type Outputs = readonly TensorBytes[];

/**
 * Why the merged result differs from the results of the single requests; null when it does not. `rows` are those of
 * each request.
 */
export function whyNotSame(
  together: Outputs,
  alone: readonly Outputs[],
  rows: readonly number[],
): string | null {
  const total = rows.reduce((sum, count) => sum + count, 0);
  for (const [at, tensor] of together.entries()) {
    if (tensor.dims[0] !== total)
      return `${tensor.name} has ${tensor.dims[0] ?? 'no'} rows for ${total} that were sent`;
    const pieces = split(tensor, rows);
    for (const [whose, piece] of (pieces ?? []).entries()) {
      const own = alone[whose]?.[at];
      if (!own || own.dims.join() !== piece.dims.join())
        return `${tensor.name} has the shape ${piece.dims.join(' × ')} together and ${own?.dims.join(' × ') ?? 'none'} alone`;
      if (!isNear(own, piece)) return `${tensor.name} is another one together than alone`;
    }
  }
  return null;
}

/** Whether every output has as many rows as were sent. */
export const hasRows = (answer: Outputs, rows: number): boolean =>
  answer.every(({ dims }) => dims[0] === rows);

/** Row by row, so that a large one hides nothing in a small one. */
export function isNear(one: TensorBytes, other: TensorBytes): boolean {
  const each = Array.from({ length: one.dims[0] ?? 0 }, () => 1);
  const [left, right] = [split(one, each), split(other, each)];
  if (!left || !right) return false;
  return left.every(({ type, data }, at) => {
    const distance = tensorDistance(type, data, right[at]?.data ?? new Uint8Array());
    return distance === 0 || distance <= allowed[type] * largestMagnitude(type, data);
  });
}
