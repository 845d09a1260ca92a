import type { Tensor } from 'onnxruntime-node';
import { fromHalfBits } from '../../../../contract/tensors/half-floats.ts';
import { reason, type Reason } from '../../../../contract/faults/reasons.ts';

/** An output as numbers, row-major. */
export type Numbers = { readonly name: string; readonly dims: readonly number[]; readonly data: Values };
type Values = ArrayLike<number>;

/** Numbers of any type that a graph counts, scores or measures with; 64-bit integers as doubles. */
export function numbersOf(
  name: string,
  { type, dims, data }: Pick<Tensor, 'type' | 'dims' | 'data'>,
): Numbers {
  if (data instanceof BigInt64Array || data instanceof BigUint64Array)
    return { name, dims, data: Float64Array.from(data as Iterable<bigint>, Number) };
  // Newer runtimes of JavaScript have an array of half floats; Node 20 has their bits.
  if (type === 'float16' && data instanceof Uint16Array)
    return { name, dims, data: Float64Array.from(data, fromHalfBits) };
  return { name, dims, data: data as Exclude<typeof data, string[]> & Values };
}

/** The part of an output that is about the first photo: the output itself where it has no dimension for photos. */
export function firstPhoto(output: Numbers, rank: number): Numbers | Reason {
  const { name, dims, data } = output;
  if (dims.length === rank) return output;
  if (dims.length !== rank + 1 || dims[0] === 0)
    return reason('boxes-output-shape', { name, dims: dims.join(' × '), rank });
  const one = dims.slice(1);
  const length = one.reduce((product, dim) => product * dim, 1);
  return { name, dims: one, data: Array.isArray(data) ? data.slice(0, length) : sliced(data, length) };
}

const sliced = (data: Values, length: number): Values =>
  data.length === length ? data : (data as Float32Array).subarray(0, length);

/** Tells why outputs could not be read from what was read. */
export const isMisfit = (read: object): read is Reason => 'code' in read;
