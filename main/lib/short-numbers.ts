/**
 * The shortest decimal that reads back as the same float32, not as the double it widens to: by arithmetic where that is
 * exact, else by formatting.
 */
export function shortestSingle(value: number): number {
  // Small integers are as short as they can be.
  if (Number.isInteger(value) && Math.abs(value) < 1e6) return value;
  const size = Math.abs(value);
  if (size >= 1e-6 && size < 1e9) {
    const places = 5 - Math.floor(Math.log10(size));
    for (let more = 0; more < 4; more += 1) {
      const scale = powers[places + more]!;
      const rounded = Math.round(value * scale) / scale;
      if (Math.fround(rounded) === value) return rounded;
    }
  }
  for (let digits = 6; digits < 9; digits += 1) {
    const rounded = Number(value.toPrecision(digits));
    if (Math.fround(rounded) === value) return rounded;
  }
  return Number.isFinite(value) ? Number(value.toPrecision(9)) : value;
}
/** Powers of ten by exponent; a negative exponent gives undefined, so that large numbers are formatted instead. */
const powers = Array.from({ length: 20 }, (_, places) => Number(`1e${places}`));
