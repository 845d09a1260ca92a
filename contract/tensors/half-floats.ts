const scratch = new DataView(new ArrayBuffer(8));

/**
 * Rounds a double to the nearest half-precision float, ties to even, and returns its bits; too large values become
 * infinite.
 */
export function halfBits(value: number): number {
  scratch.setFloat64(0, value);
  const sign = (scratch.getUint16(0) & 0x8000) >>> 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65520) return sign | 0x7c00;
  if (size < 2 ** -24 / 2) return sign;
  const exponent = Math.max(Math.floor(Math.log2(size)), -14);
  // In units of this binade's last place, so that a single rounding is correct; rounding up into the next binade
  // carries by itself.
  const steps = roundEven(size / 2 ** (exponent - 10));
  return sign | (exponent === -14 ? steps : ((exponent + 14) << 10) + steps);
}

/** The number with these half-precision bits. */
export function fromHalfBits(bits: number): number {
  const sign = (bits & 0x8000) === 0 ? 1 : -1;
  const exponent = (bits >> 10) & 0x1f;
  const rest = bits & 0x3ff;
  if (exponent === 0x1f) return rest === 0 ? sign * Infinity : NaN;
  return exponent === 0 ? sign * rest * 2 ** -24 : sign * (1024 + rest) * 2 ** (exponent - 25);
}

function roundEven(value: number): number {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}
