import type { VariantName } from '../../../contract/ids.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import { doublesOf, isFloatType } from '../../../contract/tensors/tensor-codec.ts';

/** Tolerated difference on another machine, relative to the largest value. */
const share: Readonly<Record<VariantName, number>> = { fp32: 1e-3, fp16: 1e-2, int8: 5e-2 };

/** Integers, booleans and strings must be equal everywhere; floats may differ relative to the largest value. */
export function toleranceOf({ type, data }: TensorBytes, variant: VariantName): number {
  if (!isFloatType(type)) return 0;
  const finite = (doublesOf({ type, data }) ?? []).filter(Number.isFinite);
  const largest = finite.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Number((share[variant] * Math.max(largest, 1e-3)).toPrecision(2));
}
