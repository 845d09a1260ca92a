import { z } from 'zod';
import { ElementType } from '../../../../contract/tensors/tensor.ts';
import type { TensorBytes } from '../../../../contract/tensors/tensor.ts';
import { asBuffer } from '../../../lib/as-buffer.ts';

/** Alignment in bytes, so that a typed array can view a tensor in place. */
const alignment = 8;
const Heads = z.array(
  z.strictObject({
    name: z.string(),
    type: ElementType,
    dims: z.array(z.number().int().min(0)),
    size: z.number().int().min(0),
  }),
);

/** All outputs as one piece: length of the heads (uint32, little-endian), heads as JSON, then each tensor's bytes. */
export function packOutputs(tensors: readonly TensorBytes[]): Uint8Array {
  const heads = Buffer.from(
    JSON.stringify(
      tensors.map(({ name, type, dims, data }) => ({ name, type, dims, size: data.byteLength })),
    ),
    'utf8',
  );
  const first = aligned(4 + heads.byteLength);
  const size = tensors.reduce((sum, { data }) => sum + aligned(data.byteLength), first);
  const packed = new Uint8Array(size);
  new DataView(packed.buffer).setUint32(0, heads.byteLength, true);
  packed.set(heads, 4);
  let at = first;
  for (const { data } of tensors) {
    packed.set(data, at);
    at += aligned(data.byteLength);
  }
  return packed;
}

/** The outputs again; null for a piece that is not one. */
export function unpackOutputs(packed: Uint8Array): TensorBytes[] | null {
  if (packed.byteLength < 4) return null;
  const length = new DataView(packed.buffer, packed.byteOffset).getUint32(0, true);
  // Buffers, as a worker's outputs are.
  const piece = asBuffer(packed);
  const heads = readHeads(piece, length);
  if (!heads) return null;
  let at = aligned(4 + length);
  const tensors = heads.map(({ size, ...head }) => {
    const data = piece.subarray(at, at + size);
    at += aligned(size);
    return { ...head, data };
  });
  return at === packed.byteLength ? tensors : null;
}

function readHeads(packed: Buffer, length: number): z.infer<typeof Heads> | null {
  try {
    return Heads.parse(JSON.parse(packed.toString('utf8', 4, 4 + length)));
  } catch {
    return null;
  }
}

const aligned = (size: number): number => Math.ceil(size / alignment) * alignment;
