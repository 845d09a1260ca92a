import { setImmediate as nextTurn } from 'node:timers/promises';
import type { TensorBytes } from '../../../contract/tensor.ts';
import type { Share } from '../budget/index.ts';
import { Refused } from '../refuse.ts';

/** Copied in one turn of the event loop: a few milliseconds. */
const bytesPerTurn = 4 * 1024 ** 2;

export const bytesOf = (tensors: readonly TensorBytes[]): number =>
  tensors.reduce((sum, { data }) => sum + data.byteLength, 0);

/**
 * Tensors in memory of their own, which may be moved to another thread: that of an answer may be a part of a batch's, which
 * others read. Rejects with `Refused` where it does not fit.
 */
export async function ownCopies(
  tensors: readonly TensorBytes[],
  share: Share,
): Promise<readonly TensorBytes[]> {
  if (!share.grow(bytesOf(tensors))) throw new Refused(share.fault());
  const copies: TensorBytes[] = [];
  for (const tensor of tensors) {
    const data = new Uint8Array(tensor.data.byteLength);
    for (let at = 0; at < data.byteLength; at += bytesPerTurn) {
      data.set(tensor.data.subarray(at, at + bytesPerTurn), at);
      await nextTurn();
    }
    copies.push({ ...tensor, data });
  }
  return copies;
}
