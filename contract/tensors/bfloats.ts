const scratch = new DataView(new ArrayBuffer(4));

/** Rounds a double to the nearest bfloat16, ties to even, and returns its bits; too large values become infinite. */
export function bfloatBits(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  const single = Math.fround(value);
  scratch.setFloat32(0, single);
  let bits = scratch.getUint32(0);
  // Avoids double rounding: the value is truncated to a float32 first, with a sticky bit for the remainder.
  if (single !== value && Number.isFinite(single))
    bits = (Math.abs(single) > Math.abs(value) ? bits - 1 : bits) | 1;
  return roundedTop(bits >>> 0);
}

/** The number with these bfloat16 bits. */
export function fromBfloatBits(bits: number): number {
  scratch.setUint32(0, bits * 65_536);
  return scratch.getFloat32(0);
}

/** Converts bfloat16 bits to float32, which is exact. */
export function widened(bits: Uint16Array): Float32Array<ArrayBuffer> {
  const singles = new Uint32Array(bits.length);
  for (let at = 0; at < bits.length; at += 1) singles[at] = bits[at]! << 16;
  return new Float32Array(singles.buffer);
}

/** Rounds float32 to bfloat16 bits, ties to even; exact for numbers that bfloat16 can represent. */
export function narrowed(values: Float32Array): Uint16Array<ArrayBuffer> {
  const singles = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let at = 0; at < bits.length; at += 1)
    bits[at] = Number.isNaN(values[at]) ? 0x7fc0 : roundedTop(singles[at]!);
  return bits;
}

/** The upper half of a float32's bits, rounded; a carry out of the largest number gives infinity. */
const roundedTop = (bits: number): number => (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16;
