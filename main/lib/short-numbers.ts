/** Few digits that give the same float32 back, not the double that it widens to: rounded by arithmetic where that is sure to be right, else by text. */
export function shortestSingle(value: number): number {
  // Whole ones of few digits are as short as they can be.
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
/** 10 to the power of the index; negative places of large numbers find none, and go by text. */
const powers = Array.from({ length: 20 }, (_, places) => Number(`1e${places}`));
