import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TensorBytes } from '../../../../contract/tensors/tensor.ts';
import type { Share } from '../budget/index.ts';
import { Refused } from '../refusals/refuse.ts';
import { largeBytes } from './large.ts';

/** Copied in one turn of the event loop: a few milliseconds. */
const bytesPerTurn = 4 * 1024 ** 2;

export const bytesOf = (tensors: readonly TensorBytes[]): number =>
  tensors.reduce((sum, { data }) => sum + data.byteLength, 0);

/**
 * Large tensors in memory of their own, which may be moved to another thread: that of an answer may be a part of a batch's,
 * which others read. Small ones stay as they are, since they are written at once. Rejects with `Refused` where it does not fit.
 */
export async function ownCopies(
  tensors: readonly TensorBytes[],
  share: Share,
): Promise<readonly TensorBytes[]> {
  const bytes = bytesOf(tensors);
  if (bytes < largeBytes) return tensors;
  if (!share.grow(bytes)) throw new Refused(share.fault(bytes));
  const copies: TensorBytes[] = [];
  let sinceTurn = 0;
  for (const tensor of tensors) {
    const data = new Uint8Array(tensor.data.byteLength);
    for (let at = 0; at < data.byteLength; at += bytesPerTurn) {
      if (sinceTurn >= bytesPerTurn) {
        await nextTurn();
        sinceTurn = 0;
      }
      const slice = tensor.data.subarray(at, at + bytesPerTurn);
      data.set(slice, at);
      sinceTurn += slice.byteLength;
    }
    copies.push({ ...tensor, data });
  }
  return copies;
}

/** Text in memory of its own, where it is large. Throws `Refused` where that does not fit. */
export function ownText(text: Buffer, share: Share): Buffer {
  if (text.byteLength < largeBytes) return text;
  if (!share.grow(text.byteLength)) throw new Refused(share.fault(text.byteLength));
  const own = Buffer.allocUnsafeSlow(text.byteLength);
  text.copy(own);
  return own;
}
