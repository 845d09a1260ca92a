import { inflateRawSync } from 'node:zlib';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { clientReason } from '../../../contract/faults/reasons.ts';
import type { TensorBytes } from '../../../contract/tensors/tensor.ts';
import { readNpy } from '../../packs/build/index.ts';

/** More arrays than any model has inputs, and more bytes than one request may have. */
const mostArrays = 1_000;
const mostBytes = 512 * 1024 ** 2;

/** The arrays of `numpy.savez` or `savez_compressed` by name: a ZIP of .npy files, read by its directory at the end. */
export function readNpz(bytes: Buffer, file: string): Outcome<readonly TensorBytes[]> {
  const odd = (reason: string): Outcome<never> =>
    failed('input-invalid', { name: file, reason: clientReason(reason) });
  const end = bytes.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (end < 0 || end + 22 > bytes.length) return odd('it is no .npz file, or it breaks off');
  const count = bytes.readUInt16LE(end + 10);
  if (count > mostArrays) return odd(`it has ${count} arrays; at most ${mostArrays} are read`);
  const tensors: TensorBytes[] = [];
  let total = 0;
  try {
    for (let at = bytes.readUInt32LE(end + 16), seen = 0; seen < count; seen += 1) {
      if (bytes.readUInt32LE(at) !== 0x02014b50) return odd('its directory is damaged');
      const method = bytes.readUInt16LE(at + 10);
      const [packed, size] = [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24)];
      const [nameLength, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
      const name = bytes.toString('utf8', at + 46, at + 46 + (nameLength ?? 0)).replace(/\.npy$/iu, '');
      const local = bytes.readUInt32LE(at + 42);
      at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
      total += size;
      if (total > mostBytes) return odd(`its arrays have more than ${mostBytes} bytes`);
      const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const content = unpacked(bytes.subarray(from, from + packed), { method, size });
      if (content === null) return odd(`array ${name} is packed in a way that is not read`);
      const array = readNpy(content, name);
      if (!array.ok) return array;
      tensors.push({ name, ...array.value });
    }
  } catch (error) {
    return odd(`it is damaged (${(error as Error).message})`);
  }
  return tensors.length > 0 ? ok(tensors) : odd('it holds no array');
}

function unpacked(
  packed: Buffer,
  { method, size }: { readonly method: number; readonly size: number },
): Uint8Array | null {
  if (method === 0) return packed;
  // What claims less than it unpacks to ends here.
  return method === 8 ? inflateRawSync(packed, { maxOutputLength: Math.max(1, size) }) : null;
}
