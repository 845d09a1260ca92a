import { elementBytes } from '../../../contract/tensors/tensor.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import { tensorText } from './write-tensor.ts';

/** The JSON list of a tensor's elements, in pieces that follow each other; or why it has none. */
export type TensorPieces =
  | { readonly ok: true; readonly pieces: readonly (string | Uint8Array)[] }
  | { readonly ok: false; readonly reason: string };

/** A text of all elements of a large tensor would be longer than the runtime allows for one. */
const elementsPerPiece = 2 ** 18;
const smallBytes = 64 * 1024;

export function tensorPieces(tensor: TensorBytes): TensorPieces {
  const { type, data } = tensor;
  const step = type === 'string' ? Infinity : elementsPerPiece * elementBytes[type];
  if (data.byteLength <= step) {
    const written = tensorText(tensor);
    if (!written.ok) return written;
    // Bytes move to another thread; a text would be copied.
    return { ok: true, pieces: [data.byteLength < smallBytes ? written.text : Buffer.from(written.text)] };
  }
  const pieces: Uint8Array[] = [];
  for (let at = 0; at === 0 || at < data.byteLength; at += step) {
    const written = tensorText({ ...tensor, data: data.subarray(at, at + step) });
    if (!written.ok) return written;
    const isLast = at + step >= data.byteLength;
    const list = written.text.slice(at === 0 ? 0 : 1, isLast ? undefined : -1);
    pieces.push(Buffer.from(isLast ? list : `${list},`, 'latin1'));
  }
  return { ok: true, pieces };
}
