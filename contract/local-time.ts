const two = (value: number): string => String(value).padStart(2, '0');

/** By this computer's clock, in numbers that sort as text: `2026-11-28`, and hours, minutes and seconds. */
export const localTime = (at: Date) => ({
  day: [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-'),
  clock: [at.getHours(), at.getMinutes(), at.getSeconds()].map(two),
});
