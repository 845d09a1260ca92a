import type { VariantName } from '../../../contract/ids.ts';
import type { TensorBytes } from '../../../contract/tensor.ts';

/** Share of the largest value that another machine may differ by. */
const share: Readonly<Record<VariantName, number>> = { fp32: 1e-3, fp16: 1e-2, int8: 5e-2 };

/** Whole numbers, truths and texts are the same everywhere; what is rounded may differ by a share of the largest value. */
export function toleranceOf({ type, data }: TensorBytes, variant: VariantName): number {
  if (type !== 'float32' && type !== 'float64' && !isShort(type)) return 0;
  // Numbers of 16 bits have no reader here: the range where they are usually used.
  const largest = isShort(type) ? 1 : largestOf(data, type);
  return Number((share[variant] * Math.max(largest, 1e-3)).toPrecision(2));
}

const isShort = (type: TensorBytes['type']): type is 'float16' | 'bfloat16' =>
  type === 'float16' || type === 'bfloat16';

function largestOf(data: Uint8Array, type: 'float32' | 'float64'): number {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const width = type === 'float32' ? 4 : 8;
  let largest = 0;
  for (let at = 0; at + width <= data.byteLength; at += width) {
    const value = Math.abs(width === 4 ? view.getFloat32(at, true) : view.getFloat64(at, true));
    if (Number.isFinite(value) && value > largest) largest = value;
  }
  return largest;
}
