import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason, type Reason } from '../../../contract/faults/reasons.ts';
import { elementBytes } from '../../../contract/tensors/tensor.ts';
import type { ElementType, TensorBytes } from '../../../contract/tensors/tensor.ts';
import { elementCount, viewOf } from '../../../contract/tensors/tensor-codec.ts';

/** The .npy format: magic, version, a Python dictionary as text, then the raw values. */
const kinds: Readonly<Record<string, Exclude<ElementType, 'string'>>> = {
  f4: 'float32',
  f8: 'float64',
  f2: 'float16',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  b1: 'bool',
};

export function readNpy(bytes: Uint8Array, name: string): Outcome<Omit<TensorBytes, 'name'>> {
  const odd = (why: Reason): Outcome<never> => failed('input-invalid', { name, reason: why });
  const view = viewOf(bytes);
  if (bytes.byteLength < 12 || view.getUint32(0) !== 0x934e554d || view.getUint16(4) !== 0x5059)
    return odd(reason('npy-none'));
  const isLong = bytes[6]! >= 2;
  const start = isLong ? 12 : 10;
  const end = start + (isLong ? view.getUint32(8, true) : view.getUint16(8, true));
  if (end > bytes.byteLength) return odd(reason('npy-breaks-off'));
  const header = Buffer.from(bytes.subarray(start, end)).toString('latin1');
  const [, order = '', kind = ''] = /'descr':\s*'([<>|=])(\w+)'/u.exec(header) ?? [];
  const type = kinds[kind];
  if (!type) return odd(reason('npy-type', { type: kind || '?' }));
  if (order === '>') return odd(reason('npy-big-endian'));
  const shape = /'shape':\s*\(([^)]*)\)/u.exec(header)?.[1] ?? '';
  const dims = shape
    .split(',')
    .filter((dim) => dim.trim() !== '')
    .map(Number);
  if (/'fortran_order':\s*True/u.test(header) && dims.length > 1) return odd(reason('npy-fortran'));
  const wanted = elementCount(dims) * elementBytes[type];
  const data = bytes.subarray(end);
  if (data.byteLength !== wanted)
    return odd(reason('npy-size', { dims: dims.join(', '), wanted, found: data.byteLength }));
  return ok({ type, dims, data });
}
