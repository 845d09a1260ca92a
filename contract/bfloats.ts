const scratch = new DataView(new ArrayBuffer(4));

/** The bits of the bfloat16 number nearest to a double, ties to even; what is too large becomes infinite. */
export function bfloatBits(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  const single = Math.fround(value);
  scratch.setFloat32(0, single);
  let bits = scratch.getUint32(0);
  // Rounded twice, a double could end on the wrong side of a tie: cut off here, with a mark that something is left.
  if (single !== value && Number.isFinite(single))
    bits = (Math.abs(single) > Math.abs(value) ? bits - 1 : bits) | 1;
  return roundedTop(bits >>> 0);
}

/** The number that bfloat16 bits stand for. */
export function fromBfloatBits(bits: number): number {
  scratch.setUint32(0, bits * 65_536);
  return scratch.getFloat32(0);
}

/** bfloat16 bits, little-endian, as float32: the same numbers. */
export function widened(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const singles = new Uint32Array(bits.length);
  for (let at = 0; at < bits.length; at += 1) singles[at] = bits[at]! << 16;
  return new Float32Array(singles.buffer);
}

/** float32 as bfloat16 bits, each the nearest, ties to even: the same numbers where bfloat16 has them. */
export function narrowed(values: Float32Array): Uint16Array<ArrayBuffer> {
  const singles = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let at = 0; at < bits.length; at += 1)
    bits[at] = Number.isNaN(values[at]) ? 0x7fc0 : roundedTop(singles[at]!);
  return bits;
}

/** The upper half of a float32's bits, rounded; from the largest number the carry ends at infinity. */
const roundedTop = (bits: number): number => (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
